package com.netbuild.realtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.netbuild.realtime.engine.support.FakeGateway;
import com.netbuild.realtime.engine.support.Models;
import com.netbuild.realtime.engine.support.TestDatabase;
import com.netbuild.realtime.engine.support.TestEngine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.history.event.HistoricActivityInstanceEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoricIdentityLinkLogEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoricProcessInstanceEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoricTaskInstanceEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoryEvent;
import org.camunda.bpm.engine.impl.history.handler.CompositeHistoryEventHandler;
import org.camunda.bpm.engine.impl.history.handler.HistoryEventHandler;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class EventsTest {

  @Parameter
  TestDatabase database;

  @Test
  @DisplayName("events arrive in the order in which the engine fired them, one command after the other, and what says"
      + " nothing more is left out")
  void order() {
    List<String> fired = Collections.synchronizedList(new ArrayList<>());
    try (FakeGateway gateway = new FakeGateway();
        TestEngine test = TestEngine.on(gateway, database, setup -> setup.morePlugins.add(witness(fired))).deploy(Models.review())) {
      String instance = test.start("review");
      test.engine.getTaskService().claim(test.taskOf(instance), "alice");
      test.engine.getTaskService().setAssignee(test.taskOf(instance), "bob");
      test.completeTaskOf(instance);

      gateway.awaitEndOf(instance);
      List<List<String>> arrived = gateway.commands().stream()
          .map(command -> command.getAsJsonArray("events").asList().stream()
              .map(e -> e.getAsJsonObject().get("kind").getAsString() + " " + e.getAsJsonObject().get("event").getAsString())
              .toList())
          .toList();
      assertEquals(List.of(
          List.of("process start", "activity start", "activity end", "activity start", "identityLink add", "task create"),
          List.of("task update"),
          List.of("task update"),
          List.of("task complete", "activity end", "activity start", "activity end", "process end")), arrived);
      // The updates that the creation, and the activity's start, have taken up, or that the task's own say.
      List<String> needed = new ArrayList<>(fired);
      needed.removeIf(event -> event.equals("activity update"));
      needed.remove("task update");
      // Of an assignee the task tells, and one event of it a command is enough.
      needed.removeIf(event -> event.equals("identityLink other"));
      assertEquals(needed, arrived.stream().flatMap(List::stream).toList());
    }
  }

  @Test
  @DisplayName("a post carries the key, the engine's name, the user, and the commit's time to the microsecond")
  void envelope() {
    try (FakeGateway gateway = new FakeGateway();
        TestEngine test = TestEngine.on(gateway, database, setup -> setup.plugin.setEngineName("orders")).deploy(Models.review())) {
      // The engine's own tables on MariaDB have no emoji in a user's name.
      String user = database == TestDatabase.MARIADB ? "ålice \"服\"" : "alice \"😀\"";
      test.engine.getIdentityService().setAuthenticatedUserId(user);
      long before = System.currentTimeMillis();
      String instance = test.start("review");
      double after = System.currentTimeMillis() + 1;
      test.engine.getIdentityService().clearAuthentication();

      gateway.awaitStartOf(instance);
      FakeGateway.Post post = gateway.posts().get(0);
      assertEquals("Bearer " + FakeGateway.KEY, post.authorization());
      assertEquals("/v1/engine", post.path());
      assertEquals("orders", post.json().get("engine").getAsString());
      JsonObject command = gateway.commands().get(0);
      assertEquals(user, command.get("userId").getAsString());
      double committedAt = command.get("committedAt").getAsDouble();
      assertTrue(committedAt >= before && committedAt <= after, () -> before + " " + committedAt + " " + after);
      assertTrue(command.get("committedAt").getAsString().matches("\\d{13}\\.\\d{3}"));
    }
  }

  @Test
  @DisplayName("suspending and resuming an instance say its state, and so does its deletion")
  void states() {
    try (FakeGateway gateway = new FakeGateway(); TestEngine test = TestEngine.on(gateway, database).deploy(Models.review())) {
      String instance = test.start("review");
      test.engine.getRuntimeService().suspendProcessInstanceById(instance);
      test.engine.getRuntimeService().activateProcessInstanceById(instance);
      test.engine.getRepositoryService().suspendProcessDefinitionByKey("review", true, null);
      test.engine.getRepositoryService().activateProcessDefinitionByKey("review", true, null);
      test.engine.getRuntimeService().deleteProcessInstance(instance, "ordered twice", false, true);

      gateway.awaitEndOf(instance);
      List<String> states = gateway.events().stream()
          .filter(e -> e.get("kind").getAsString().equals("process") && e.get("id").getAsString().equals(instance))
          .map(e -> e.get("event").getAsString() + " " + e.get("state").getAsString())
          .toList();
      assertEquals(List.of("start ACTIVE", "update SUSPENDED", "update ACTIVE", "update SUSPENDED", "update ACTIVE",
          "end EXTERNALLY_TERMINATED"), states);
    }
  }

  @Test
  @DisplayName("candidates come as identity links of the task, and incidents with their state")
  void linksAndIncidents() {
    Models.Refusing.on = true;
    try (FakeGateway gateway = new FakeGateway();
        TestEngine test = TestEngine.on(gateway, database).deploy(Models.review()).deploy(Models.refused(true))) {
      String reviewed = test.start("review");
      gateway.awaitEvent(e -> e.get("kind").getAsString().equals("identityLink")
          && e.get("groupId").getAsString().equals("developers")
          && e.get("type").getAsString().equals("candidate")
          && e.get("event").getAsString().equals("add")
          && e.get("taskId").getAsString().equals(test.taskOf(reviewed)));

      String refused = test.start("refused");
      test.completeTaskOf(refused);
      var management = test.engine.getManagementService();
      String job = management.createJobQuery().processInstanceId(refused).singleResult().getId();
      management.setJobRetries(job, 0);
      management.setJobRetries(job, 1);
      test.engine.getRuntimeService().deleteProcessInstance(refused, null);

      gateway.awaitEndOf(refused);
      List<String> incidents = gateway.events().stream()
          .filter(e -> e.get("kind").getAsString().equals("incident")
              && e.get("processInstanceId").getAsString().equals(refused))
          .map(e -> e.get("event").getAsString() + " " + e.get("state").getAsString() + " "
              + e.get("incidentType").getAsString() + " " + e.get("activityId").getAsString())
          .toList();
      assertEquals(List.of("create open failedJob refuse", "resolve resolved failedJob refuse"), incidents);
      assertFalse(gateway.events().stream().anyMatch(e -> e.get("kind").isJsonNull()));
    }
  }

  /** Notes what the engine's handler is called with, and in which order. */
  private static AbstractProcessEnginePlugin witness(List<String> fired) {
    return new AbstractProcessEnginePlugin() {
      @Override
      public void postInit(ProcessEngineConfigurationImpl configuration) {
        configuration.setHistoryEventHandler(
            new CompositeHistoryEventHandler(configuration.getHistoryEventHandler(), new HistoryEventHandler() {
              @Override
              public void handleEvent(HistoryEvent event) {
                String kind = event instanceof HistoricTaskInstanceEventEntity ? "task"
                    : event instanceof HistoricActivityInstanceEventEntity ? "activity"
                    : event instanceof HistoricProcessInstanceEventEntity ? "process"
                    : event instanceof HistoricIdentityLinkLogEventEntity ? "identityLink"
                    : null;
                boolean isOther = event instanceof HistoricIdentityLinkLogEventEntity link && !link.getType().equals("candidate");
                if (kind != null) {
                  fired.add(kind + " " + (isOther ? "other" : event.getEventType().replace("-identity-link", "")));
                }
              }

              @Override
              public void handleEvents(List<HistoryEvent> events) {
                events.forEach(this::handleEvent);
              }
            }));
      }
    };
  }
}
