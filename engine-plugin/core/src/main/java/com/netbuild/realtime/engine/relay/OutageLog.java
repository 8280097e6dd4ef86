package com.netbuild.realtime.engine.relay;

import java.net.URI;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that delivery stopped, again only if the reason changes, and once that it goes on. */
final class OutageLog {

  private static final Logger LOG = LoggerFactory.getLogger("com.netbuild.realtime.engine.relay");

  private final URI endpoint;
  private int failures;
  private String told;

  OutageLog(URI endpoint) {
    this.endpoint = endpoint;
  }

  void failed(Throwable failure) {
    failures++;
    // One failure alone is often a kept connection that the other side had just closed.
    if (failures < 2) {
      return;
    }
    String reason = failure instanceof GatewayException
        ? "the gateway at " + endpoint + " does not take events: " + failure.getMessage()
        : "the outbox can't be read: " + failure;
    if (!Objects.equals(reason, told)) {
      told = reason;
      LOG.warn("NetBuild Realtime: {}. Events are kept in the engine's database until it does.", reason);
    }
  }

  void delivered() {
    failures = 0;
    if (told != null) {
      told = null;
      LOG.info("NetBuild Realtime: the gateway at {} takes events again.", endpoint);
    }
  }
}
