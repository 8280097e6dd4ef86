package com.netbuild.realtime.engine.relay;

import com.netbuild.realtime.engine.outbox.Backlog;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once that delivery stopped, once that it goes on, and in between how much waits: after a minute, and then each
 * time after twice as long, up to an hour. A new reason is said at once.
 */
final class OutageLog {

  private static final Logger LOG = LoggerFactory.getLogger("com.netbuild.realtime.engine.relay");
  private static final Duration FIRST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  private final URI endpoint;
  private final LongSupplier nanoTime;
  private int failures;
  private volatile String reason;
  private String told;
  private Duration interval;
  private long toldAt;

  OutageLog(URI endpoint) {
    this(endpoint, System::nanoTime);
  }

  OutageLog(URI endpoint, LongSupplier nanoTime) {
    this.endpoint = endpoint;
    this.nanoTime = nanoTime;
  }

  /** Why the last try failed; null when it did not. */
  String lastFailure() {
    return reason;
  }

  void failed(Throwable failure, Backlog backlog) {
    failures++;
    reason = failure instanceof GatewayException
        ? "the gateway at " + endpoint + " does not take events: " + failure.getMessage()
        : "the outbox can't be read: " + failure;
    // One failure alone is often a kept connection that the other side had just closed.
    if (failures < 2) {
      return;
    }
    if (!Objects.equals(reason, told)) {
      told = reason;
      interval = FIRST;
      toldAt = nanoTime.getAsLong();
      LOG.warn("NetBuild Realtime: {}. Events are kept in the engine's database until it does.", reason);
    } else if (nanoTime.getAsLong() - toldAt >= interval.toNanos()) {
      toldAt = nanoTime.getAsLong();
      interval = interval.multipliedBy(2).compareTo(LONGEST) < 0 ? interval.multipliedBy(2) : LONGEST;
      LOG.warn("NetBuild Realtime: still, {}. {} rows wait, the oldest since {}.", reason, backlog.rows(),
          age(backlog.oldest()));
    }
  }

  void delivered() {
    failures = 0;
    reason = null;
    if (told != null) {
      told = null;
      LOG.info("NetBuild Realtime: the gateway at {} takes events again.", endpoint);
    }
  }

  private static String age(Long oldest) {
    return oldest == null ? "now" : Duration.ofSeconds((System.currentTimeMillis() - oldest) / 1000)
        .toString().substring(2).toLowerCase(java.util.Locale.ROOT);
  }
}
