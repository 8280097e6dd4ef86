package com.netbuild.realtime.engine.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CommitClockTest {

  private final CommitClock clock = new CommitClock();

  @Test
  @DisplayName("a command's time is that of its commit, however late it is asked for")
  void committed() {
    clock.expect("a");
    long before = System.currentTimeMillis() * 1000;
    clock.committed("a");
    long first = clock.microsOf("a", 0);
    assertTrue(first >= before);
    assertEquals(first, clock.microsOf("a", 0));
  }

  @Test
  @DisplayName("a time that was said stays, also when the listener comes after it")
  void said() {
    clock.expect("a");
    long said = clock.microsOf("a", 0);
    while (System.currentTimeMillis() * 1000 <= said) {
      Thread.onSpinWait();
    }
    clock.committed("a");
    assertEquals(said, clock.microsOf("a", 0));
  }

  @Test
  @DisplayName("a row that is read before its listener ran has been committed just now; an unknown one when it was written")
  void unknown() {
    clock.expect("a");
    long before = System.currentTimeMillis() * 1000;
    assertTrue(clock.microsOf("a", 1) >= before);
    assertEquals(7000, clock.microsOf("of an earlier run", 7));
  }

  @Test
  @DisplayName("what was delivered before its listener ran is not noted again, and never more than the bound")
  void bounded() {
    clock.expect("a");
    clock.forget("a");
    clock.committed("a");
    assertEquals(0, clock.size());
    for (int i = 0; i < CommitClock.BOUND + 100; i++) {
      clock.expect("command " + i);
    }
    assertEquals(CommitClock.BOUND, clock.size());
  }
}
