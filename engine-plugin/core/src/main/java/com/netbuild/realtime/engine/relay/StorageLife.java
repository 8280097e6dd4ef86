package com.netbuild.realtime.engine.relay;

import com.netbuild.realtime.engine.outbox.OutboxCommand;
import java.util.List;

/**
 * In which life the gateway's storage is, and whether the gateway was told that all this engine keeps is in it.
 *
 * <p>Epochs are those of the gateway's default domain, while events go to the domains of their tenants. It is relied on
 * that a failover begins another life in all of them.
 */
final class StorageLife {

  private String epoch;
  private String toldIn;
  private String markedIn;
  private long mark;

  String epoch() {
    return epoch;
  }

  /** Enters what the gateway has answered. True where the life that was known before is over. */
  boolean isOver(String now) {
    boolean over = epoch != null && !epoch.equals(now);
    epoch = now;
    return over;
  }

  /** Whether the gateway counts on this engine's word. */
  boolean isTold() {
    return toldIn != null;
  }

  /** Whether the gateway has yet to hear that all is in this life, and until which row is not known. */
  boolean needsMark(boolean wanted) {
    return (wanted || isTold()) && !epoch.equals(toldIn) && !epoch.equals(markedIn);
  }

  /** All that an earlier life may have had is in the rows up to this one. */
  void mark(long lastRow) {
    markedIn = epoch;
    mark = lastRow;
  }

  /** Whether it will have to be said that all is in this life. */
  boolean isMarked() {
    return epoch != null && epoch.equals(markedIn) && !epoch.equals(toldIn);
  }

  /** Whether it is time to say that all is in this life: what waits now was never sent before it began. */
  boolean isWhole(List<OutboxCommand> waiting) {
    return isMarked() && (waiting.isEmpty() || waiting.get(0).rows().get(0) > mark);
  }

  void told(String in) {
    toldIn = in;
  }
}
