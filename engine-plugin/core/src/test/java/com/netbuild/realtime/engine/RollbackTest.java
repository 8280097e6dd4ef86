package com.netbuild.realtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.netbuild.realtime.engine.support.FakeGateway;
import com.netbuild.realtime.engine.support.Models;
import com.netbuild.realtime.engine.support.TestDatabase;
import com.netbuild.realtime.engine.support.TestEngine;
import java.util.List;
import org.camunda.bpm.engine.ManagementService;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class RollbackTest {

  @Parameter
  TestDatabase database;

  @BeforeEach
  void refuse() {
    Models.Refusing.on = true;
  }

  @Test
  @DisplayName("nothing is sent of a command that a delegate's exception rolled back")
  void delegate() {
    try (FakeGateway gateway = new FakeGateway(); TestEngine test = TestEngine.on(gateway, database).deploy(Models.refused(false))) {
      String instance = test.start("refused");
      assertThrows(IllegalStateException.class, () -> test.completeTaskOf(instance));
      Models.Refusing.on = false;
      test.completeTaskOf(instance);

      gateway.awaitEndOf(instance);
      assertEquals(2, gateway.commands().size());
      assertEquals(1, count(gateway, "task complete"));
      test.awaitRows(0);
    }
  }

  @Test
  @DisplayName("nothing is sent of a command whose commit failed after its row was written")
  void commit() {
    try (FakeGateway gateway = new FakeGateway(); TestEngine test = TestEngine.on(gateway, database).deploy(Models.uncommitted())) {
      String instance = test.start("uncommitted");
      assertThrows(IllegalStateException.class, () -> test.completeTaskOf(instance));
      Models.Refusing.on = false;
      test.completeTaskOf(instance);

      gateway.awaitEndOf(instance);
      assertEquals(2, gateway.commands().size());
      assertEquals(1, count(gateway, "task complete"));
      test.awaitRows(0);
    }
  }

  @Test
  @DisplayName("nothing is sent of a job's failed tries")
  void job() {
    try (FakeGateway gateway = new FakeGateway(); TestEngine test = TestEngine.on(gateway, database).deploy(Models.refused(true))) {
      String instance = test.start("refused");
      test.completeTaskOf(instance);
      ManagementService management = test.engine.getManagementService();
      String job = management.createJobQuery().processInstanceId(instance).singleResult().getId();
      assertThrows(IllegalStateException.class, () -> management.executeJob(job));
      assertThrows(IllegalStateException.class, () -> management.executeJob(job));
      Models.Refusing.on = false;
      management.executeJob(job);

      gateway.awaitEndOf(instance);
      List<String> activities = gateway.events().stream()
          .filter(e -> e.has("activityId") && e.get("activityId").getAsString().equals("refuse"))
          .map(e -> e.get("event").getAsString())
          .toList();
      assertEquals(List.of("start", "end"), activities);
    }
  }

  private static long count(FakeGateway gateway, String kindAndEvent) {
    return gateway.events().stream()
        .filter(e -> (e.get("kind").getAsString() + " " + e.get("event").getAsString()).equals(kindAndEvent))
        .count();
  }
}
