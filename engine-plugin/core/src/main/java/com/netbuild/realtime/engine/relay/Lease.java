package com.netbuild.realtime.engine.relay;

import com.netbuild.realtime.engine.outbox.LeaseRow;
import java.sql.SQLException;
import java.time.Duration;

/**
 * This node's right to be the one that sends. It lasts for a term, and is renewed after a third of it; nobody trusts it
 * beyond the term, counted from before the database was asked, so a node that stood still knows at its next step that
 * another one may have it.
 *
 * <p>Used by the relay's thread, and while that waits for an answer by the one that renews it meanwhile.
 */
final class Lease {

  /** It was another's when it had to be renewed. What this node knew of its sendings is worth nothing now. */
  static final class LostException extends Exception {
    private static final long serialVersionUID = 1L;

    LostException() {
      super("another node sends now", null, false, false);
    }
  }

  private final LeaseRow row;
  private final long term;
  private volatile boolean held;
  private long takenAt;
  private long announcedAt;
  private boolean waitedFor;

  Lease(LeaseRow row, Duration term) {
    this.row = row;
    this.term = term.toNanos();
    this.announcedAt = System.nanoTime() - this.term;
  }

  /** Whether it was this node's when that was last asked. */
  boolean isHeld() {
    return held;
  }

  /** Whether other nodes wait for it, so that there may be rows of which no commit here tells. */
  synchronized boolean isWaitedFor() {
    return waitedFor;
  }

  /** Tries to get it, where it is not held. */
  synchronized boolean acquire() throws SQLException {
    if (!held && !have(row::take)) {
      announce();
    }
    return held;
  }

  /**
   * To be called before each step that the holder alone may do: renews what is due.
   *
   * @throws LostException where it is another's
   */
  synchronized void require() throws SQLException, LostException {
    if (System.nanoTime() - takenAt >= term / 3 && !have(row::renew)) {
      throw new LostException();
    }
  }

  /** Gives it to whoever waits. */
  synchronized void giveUp() throws SQLException {
    if (held) {
      held = false;
      row.giveUp();
    }
  }

  private interface Question {
    boolean ask() throws SQLException;
  }

  private boolean have(Question question) throws SQLException {
    long before = System.nanoTime();
    held = question.ask();
    if (held) {
      takenAt = before;
      waitedFor = row.isWaitedFor();
    }
    return held;
  }

  private void announce() throws SQLException {
    if (System.nanoTime() - announcedAt >= term / 2) {
      row.announce();
      announcedAt = System.nanoTime();
    }
  }
}
