package com.netbuild.realtime.engine.relay;

import com.netbuild.realtime.engine.outbox.Backlog;
import com.netbuild.realtime.engine.outbox.OutboxStore;
import java.sql.SQLException;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;

/** Measures the backlog now and then: each second at most, and less often where it takes long. */
final class BacklogMeter {

  private static final long EVERY = TimeUnit.SECONDS.toNanos(1);
  /** Of the time no more than a twentieth, however many rows there are. */
  private static final long SHARE = 20;

  private final OutboxStore store;
  private volatile Backlog last = Backlog.NONE;
  private long next = System.nanoTime();

  BacklogMeter(OutboxStore store) {
    this.store = store;
  }

  /**
   * The backlog as it is now, or null where it was measured just before.
   *
   * @param kept ids of rows that were delivered and still stand there
   */
  Backlog measure(SortedSet<Long> kept) throws SQLException {
    long begin = System.nanoTime();
    if (begin - next < 0) {
      return null;
    }
    last = store.backlog(kept);
    long took = System.nanoTime() - begin;
    next = begin + took + Math.max(EVERY, SHARE * took);
    return last;
  }

  /** As it was measured last. */
  Backlog last() {
    return last;
  }

  /** Measures again the next time, whenever that is. */
  void forget() {
    next = System.nanoTime();
  }
}
