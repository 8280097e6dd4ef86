package com.netbuild.realtime.engine.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BatchPlanTest {

  @Test
  @DisplayName("a command is chosen whole or not at all, though its rows stand between those of others")
  void whole() {
    BatchPlan plan = new BatchPlan(10, 1000);
    plan.add(1, "a", 2, 10, 0, null, null);
    plan.add(2, "b", 1, 10, 0, null, null);
    plan.add(3, "c", 3, 10, 0, null, null);
    plan.add(4, "a", 2, 10, 0, null, null);
    plan.add(5, "c", 3, 10, 0, null, null);
    assertEquals(List.of(List.of(1L, 4L), List.of(2L)), rows(plan));
  }

  @Test
  @DisplayName("a batch is bounded in commands and in bytes, but one command always goes")
  void bounds() {
    BatchPlan few = new BatchPlan(2, 1000);
    BatchPlan small = new BatchPlan(10, 25);
    BatchPlan tiny = new BatchPlan(10, 5);
    for (BatchPlan plan : List.of(few, small, tiny)) {
      for (int i = 1; i <= 4; i++) {
        plan.add(i, "command " + i, 1, 10, 0, null, null);
      }
    }
    assertEquals(List.of(List.of(1L), List.of(2L)), rows(few));
    assertEquals(List.of(List.of(1L), List.of(2L)), rows(small));
    assertEquals(List.of(List.of(1L)), rows(tiny));
  }

  private static List<List<Long>> rows(BatchPlan plan) {
    return plan.commands().stream().map(PlannedCommand::rows).toList();
  }
}
