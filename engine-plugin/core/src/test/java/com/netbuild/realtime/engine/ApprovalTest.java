package com.netbuild.realtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.netbuild.realtime.engine.support.FakeGateway;
import com.netbuild.realtime.engine.support.Models;
import com.netbuild.realtime.engine.support.TestEngine;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApprovalTest {

  @Test
  @DisplayName("a task that its model makes an approval of says so with each of its events, and other tasks do not")
  void properties() {
    try (FakeGateway gateway = new FakeGateway(); TestEngine test = TestEngine.on(gateway)) {
      test.deploy(Models.approval(Map.of("approval", "true", "approvalVariable", "released", "reasonVariable", " why ",
          "reasonRequired", "true", "other", "x")));
      String approved = test.start("approval");
      test.engine.getTaskService().setAssignee(test.taskOf(approved), "alice");
      test.completeTaskOf(approved);
      Map<String, String> all = Map.of("approval", "true", "approvalVariable", "released", "approvalReasonVariable", "why",
          "approvalReasonRequired", "true");
      gateway.awaitEndOf(approved);
      assertEquals(List.of(all, all, all), saidOf(gateway, approved));

      test.deploy(Models.approval(Map.of("approval", "false", "approvalVariable", "released")));
      String plain = test.start("approval");
      test.deploy(Models.approval(Map.of("approval", "true")));
      String bare = test.start("approval");
      // A task of no process has no model.
      Task alone = test.engine.getTaskService().newTask();
      test.engine.getTaskService().saveTask(alone);
      test.completeTaskOf(plain);
      test.completeTaskOf(bare);
      gateway.awaitEndOf(bare);
      assertEquals(List.of(Map.of(), Map.of()), saidOf(gateway, plain));
      assertEquals(List.of(Map.of("approval", "true"), Map.of("approval", "true")), saidOf(gateway, bare));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("approvals that a multi-instance asks together say of which run they are, and of how many")
  void multiInstance(boolean parallel) {
    try (FakeGateway gateway = new FakeGateway();
        TestEngine test = TestEngine.on(gateway).deploy(Models.approvalOfMany(parallel))) {
      String instance = test.engine.getRuntimeService()
          .startProcessInstanceByKey("approval", Map.of("approvers", List.of("alice", "bob", "carol"))).getId();
      for (String approver : List.of("alice", "bob")) {
        Task task = test.engine.getTaskService().createTaskQuery().taskAssignee(approver).singleResult();
        test.engine.getTaskService().complete(task.getId());
      }
      gateway.awaitEndOf(instance);
      List<JsonObject> created = tasksOf(gateway, instance).stream()
          .filter(task -> task.get("event").getAsString().equals("create")).toList();
      assertEquals(parallel ? 3 : 2, created.size());
      Set<String> runs = created.stream().map(task -> task.get("approvalAmong").getAsString()).collect(Collectors.toSet());
      assertEquals(1, runs.size());
      assertTrue(runs.iterator().next().startsWith("approve#multiInstanceBody:"), runs::toString);
      created.forEach(task -> assertEquals(3, task.get("approvalOf").getAsInt()));
      assertFalse(created.get(0).get("activityInstanceId").getAsString().equals(created.get(0).get("approvalAmong").getAsString()));
    }
  }

  /** What each event of an instance's task says of it as an approval. */
  private static List<Map<String, String>> saidOf(FakeGateway gateway, String instance) {
    return tasksOf(gateway, instance).stream().map(task -> {
      Map<String, String> said = new TreeMap<>();
      task.entrySet().stream().filter(field -> field.getKey().startsWith("approval"))
          .forEach(field -> said.put(field.getKey(), field.getValue().getAsString()));
      return said;
    }).toList();
  }

  private static List<JsonObject> tasksOf(FakeGateway gateway, String instance) {
    return gateway.events().stream().filter(event -> event.get("kind").getAsString().equals("task")
        && event.has("processInstanceId") && event.get("processInstanceId").getAsString().equals(instance)).toList();
  }
}
