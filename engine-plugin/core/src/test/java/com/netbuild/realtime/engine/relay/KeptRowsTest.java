package com.netbuild.realtime.engine.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.netbuild.realtime.engine.outbox.OutboxCommand;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class KeptRowsTest {

  private final KeptRows kept = new KeptRows();

  @Test
  @DisplayName("batches become durable when their time is over, the oldest first")
  void time() {
    kept.addSettling(List.of(command("a", 1L, 2L)), 100);
    kept.addSettling(List.of(command("b", 4L)), 200);
    kept.sameLifeAt(99);
    assertFalse(kept.hasDurable());
    kept.sameLifeAt(100);
    assertEquals(List.of(1L, 2L), kept.durableRows());
    assertEquals(List.of("a"), kept.durableCommands());
    assertEquals(Set.of(1L, 2L, 4L), kept.rows());
    kept.forgetDurable();
    kept.sameLifeAt(199);
    assertFalse(kept.hasDurable());
    assertEquals(Set.of(4L), kept.rows());
  }

  @Test
  @DisplayName("with the life goes what may be lost with it, and not what is durable")
  void lifeIsOver() {
    kept.addDurable(List.of(command("a", 1L)));
    kept.addSettling(List.of(command("b", 2L)), 100);
    kept.lifeIsOver();
    assertEquals(Set.of(1L), kept.rows());
    assertEquals(0, kept.settling());
    assertTrue(kept.hasDurable());
  }

  @Test
  @DisplayName("what is held is the rate times the time, whatever has gone through")
  void bounded() {
    for (long row = 1; row <= 100_000; row++) {
      kept.addSettling(List.of(command("c" + row, row)), row + 500);
      kept.sameLifeAt(row);
      kept.forgetDurable();
    }
    assertEquals(500, kept.settling());
    assertEquals(500, kept.rows().size());
  }

  private static OutboxCommand command(String id, Long... rows) {
    return new OutboxCommand(id, null, 0, List.of(rows), "[]");
  }
}
