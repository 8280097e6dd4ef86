package com.netbuild.realtime.engine.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.netbuild.realtime.engine.outbox.OutboxCommand;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SettlingRowsTest {

  private final SettlingRows settling = new SettlingRows();

  @Test
  @DisplayName("batches are settled when their time is over, the oldest first")
  void time() {
    settling.add(List.of(command("a", 1L, 2L)), 100);
    settling.add(List.of(command("b", 4L)), 200);
    assertNull(settling.settledAt(99));
    assertEquals(List.of(1L, 2L), settling.settledAt(100).rows());
    settling.removeOldest();
    assertNull(settling.settledAt(199));
    assertEquals(Set.of(4L), settling.rows());
  }

  @Test
  @DisplayName("what is held is the rate times the time, whatever has gone through")
  void bounded() {
    for (long row = 1; row <= 100_000; row++) {
      settling.add(List.of(command("c" + row, row)), row + 500);
      while (settling.settledAt(row) != null) {
        settling.removeOldest();
      }
    }
    assertEquals(500, settling.size());
  }

  private static OutboxCommand command(String id, Long... rows) {
    return new OutboxCommand(id, null, 0, List.of(rows), "[]");
  }
}
