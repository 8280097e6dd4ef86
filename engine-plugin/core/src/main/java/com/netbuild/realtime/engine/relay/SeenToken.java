package com.netbuild.realtime.engine.relay;

import com.netbuild.realtime.engine.outbox.OutboxCommand;
import java.util.List;

/**
 * The gateway's question whether all is in its log that was committed before it asked. The rows that are visible after
 * the token came are all of those; once they were delivered, the token is said.
 */
final class SeenToken {

  private String asked;
  private String said;
  private long mark;
  private boolean due;

  /** Whether this token has yet to be answered, and until which row is not known. */
  boolean isNew(String token) {
    return token != null && !token.equals(said) && !token.equals(asked);
  }

  /** A newer token replaces an unanswered one. */
  void mark(String token, long lastRow) {
    asked = token;
    mark = lastRow;
    due = false;
  }

  /** Nothing else waits to be delivered but these and what follows on them. */
  void look(List<OutboxCommand> waiting) {
    due = asked != null && (waiting.isEmpty() || waiting.get(0).rows().get(0) > mark);
  }

  /** Whether one is unanswered. */
  boolean isOpen() {
    return asked != null;
  }

  /** What the next POST says; null for nothing. */
  String toBeSaid() {
    return due ? asked : null;
  }

  /** A POST said this, and was acknowledged. */
  void wasSaid(String token) {
    if (token != null) {
      said = token;
      asked = null;
      due = false;
    }
  }
}
