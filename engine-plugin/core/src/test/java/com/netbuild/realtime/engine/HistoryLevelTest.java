package com.netbuild.realtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.netbuild.realtime.engine.support.FakeGateway;
import com.netbuild.realtime.engine.support.LogCapture;
import com.netbuild.realtime.engine.support.Models;
import com.netbuild.realtime.engine.support.TestEngine;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.camunda.bpm.engine.variable.Variables;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryLevelTest {

  @Test
  @DisplayName("of variables those that are named come, with values that a screen can have")
  void variables() {
    try (FakeGateway gateway = new FakeGateway();
        TestEngine test = TestEngine.on(gateway, setup -> setup.plugin.setVariables("amount, note, order.*"))
            .deploy(Models.review())) {
      Map<String, Object> variables = new TreeMap<>(Map.of("amount", 12, "note", "", "secret", "s"));
      variables.putAll(Map.of("order.open", true, "order.at", new Date(0), "order.price", 9.5, "order.big", Long.MAX_VALUE,
          "order.nan", Double.NaN, "order.bytes", new byte[] {1}, "order.list", new java.util.ArrayList<>(List.of(1))));
      variables.put("order.none", null);
      String instance = test.engine.getRuntimeService().startProcessInstanceByKey("review", variables).getId();
      test.engine.getRuntimeService().setVariable(instance, "amount", "twelve");
      test.engine.getTaskService().setVariableLocal(test.taskOf(instance), "note", "own");
      test.engine.getRuntimeService().removeVariable(instance, "order.open");
      String task = test.taskOf(instance);
      test.completeTaskOf(instance);
      gateway.awaitEndOf(instance);

      List<JsonObject> all = gateway.events().stream().filter(e -> e.get("kind").getAsString().equals("variable")).toList();
      Map<String, String> created = new TreeMap<>();
      all.stream().filter(e -> e.get("event").getAsString().equals("create") && !e.has("taskId"))
          .forEach(e -> created.put(e.get("name").getAsString(), e.get("type").getAsString() + " "
              + (e.has("omitted") ? "omitted" : e.get("value"))));
      assertEquals(new TreeMap<>(Map.of(
          "amount", "Integer 12", "note", "String \"\"", "order.open", "Boolean true",
          "order.at", "Date \"1970-01-01T00:00:00.000Z\"", "order.price", "Double 9.5",
          "order.big", "Long \"9223372036854775807\"", "order.nan", "Double omitted", "order.bytes", "Bytes omitted",
          "order.list", "Object omitted", "order.none", "Null null")), created);
      all.stream().filter(e -> !e.has("taskId"))
          .forEach(e -> assertEquals(instance, e.get("activityInstanceId").getAsString(), e::toString));

      JsonObject changed = the(all, "update", "amount");
      assertEquals("twelve", changed.get("value").getAsString());
      JsonObject own = all.stream().filter(e -> e.has("taskId")).findFirst().orElseThrow();
      assertEquals(task, own.get("taskId").getAsString());
      assertEquals("own", own.get("value").getAsString());
      JsonObject removed = the(all, "delete", "order.open");
      assertFalse(removed.has("value") || removed.has("omitted"), removed::toString);
    }
  }

  @Test
  @DisplayName("a text above 4,000 characters stays in the engine")
  void longText() {
    try (FakeGateway gateway = new FakeGateway();
        TestEngine test = TestEngine.on(gateway, setup -> setup.plugin.setVariables("*")).deploy(Models.review())) {
      test.run("alter table ACT_RU_VARIABLE alter column TEXT_ varchar(8000)");
      test.run("alter table ACT_HI_VARINST alter column TEXT_ varchar(8000)");
      test.run("alter table ACT_HI_DETAIL alter column TEXT_ varchar(8000)");
      String instance = test.engine.getRuntimeService()
          .startProcessInstanceByKey("review", Variables.putValue("a", "x".repeat(4000)).putValue("b", "x".repeat(4001))).getId();
      gateway.awaitStartOf(instance);
      List<JsonObject> all = gateway.events().stream().filter(e -> e.get("kind").getAsString().equals("variable")).toList();
      assertEquals(4000, the(all, "create", "a").get("value").getAsString().length());
      assertTrue(the(all, "create", "b").get("omitted").getAsBoolean());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"activity", "audit"})
  @DisplayName("below level full a task's creation names its candidates, those that a listener added too")
  void candidates(String level) {
    try (LogCapture quiet = new LogCapture();
        FakeGateway gateway = new FakeGateway();
        TestEngine test = TestEngine.on(gateway, setup -> setup.history = level)
            .deploy(Models.review()).deploy(Models.listenedTo())) {
      String plain = test.start("review");
      String listened = test.start("listened");
      gateway.awaitStartOf(listened);
      JsonObject first = taskOf(gateway, plain);
      assertFalse(first.has("candidateUsers"));
      assertEquals("[\"developers\"]", first.get("candidateGroups").toString());
      JsonObject second = taskOf(gateway, listened);
      assertEquals("[\"alice\",\"bob\"]", second.get("candidateUsers").toString());
      assertFalse(gateway.events().stream().anyMatch(e -> e.get("kind").getAsString().equals("identityLink")));
    }
  }

  @Test
  @DisplayName("at level full the links tell them, and the creation does not")
  void candidatesAtFull() {
    try (FakeGateway gateway = new FakeGateway(); TestEngine test = TestEngine.on(gateway).deploy(Models.review())) {
      String instance = test.start("review");
      gateway.awaitStartOf(instance);
      assertFalse(taskOf(gateway, instance).has("candidateGroups"));
      assertTrue(gateway.events().stream().anyMatch(e -> e.get("kind").getAsString().equals("identityLink")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"activity", "audit", "full"})
  @DisplayName("at every level an incident is told once: of the failed instance, and of the one that calls it")
  void incidents(String level) {
    Models.Refusing.on = true;
    try (LogCapture quiet = new LogCapture();
        FakeGateway gateway = new FakeGateway();
        TestEngine test = TestEngine.on(gateway, setup -> setup.history = level)
            .deploy(Models.refused(true)).deploy(Models.calling())) {
      String calling = test.start("calling");
      var runtime = test.engine.getRuntimeService();
      String called = runtime.createProcessInstanceQuery().superProcessInstanceId(calling).singleResult().getId();
      test.completeTaskOf(called);
      var management = test.engine.getManagementService();
      String job = management.createJobQuery().processInstanceId(called).singleResult().getId();
      management.setJobRetries(job, 0);
      management.setJobRetries(job, 1);
      management.setJobRetries(job, 0);
      runtime.deleteProcessInstance(calling, "enough");

      gateway.awaitEndOf(calling);
      List<JsonObject> incidents = gateway.events().stream()
          .filter(e -> e.get("kind").getAsString().equals("incident")).toList();
      assertEquals(List.of("create open", "create open", "resolve resolved", "resolve resolved", "create open", "create open",
          "delete deleted", "delete deleted"), incidents.stream()
          .map(e -> e.get("event").getAsString() + " " + e.get("state").getAsString()).toList());
      assertEquals(Set.of(called, calling), Set.copyOf(incidents.stream()
          .map(e -> e.get("processInstanceId").getAsString()).toList()));
      JsonObject first = incidents.stream()
          .filter(e -> e.get("processInstanceId").getAsString().equals(called)).findFirst().orElseThrow();
      assertEquals("refuse", first.get("activityId").getAsString());
      assertEquals(job, first.get("configuration").getAsString());
      assertEquals(calling, first.get("rootProcessInstanceId").getAsString());
      assertEquals(4, incidents.stream().map(e -> e.get("id").getAsString()).distinct().count());
    }
  }

  private static JsonObject taskOf(FakeGateway gateway, String instance) {
    return gateway.events().stream().filter(e -> e.get("kind").getAsString().equals("task")
        && e.get("event").getAsString().equals("create")
        && e.get("processInstanceId").getAsString().equals(instance)).findFirst().orElseThrow();
  }

  private static JsonObject the(List<JsonObject> events, String event, String name) {
    return events.stream().filter(e -> e.get("event").getAsString().equals(event)
        && e.get("name").getAsString().equals(name)).findFirst().orElseThrow();
  }
}
