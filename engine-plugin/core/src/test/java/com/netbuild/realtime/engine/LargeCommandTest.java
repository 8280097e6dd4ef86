package com.netbuild.realtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.netbuild.realtime.engine.support.FakeGateway;
import com.netbuild.realtime.engine.support.FakeGateway.Answer;
import com.netbuild.realtime.engine.support.LogCapture;
import com.netbuild.realtime.engine.support.Models;
import com.netbuild.realtime.engine.support.TestDatabase;
import com.netbuild.realtime.engine.support.TestEngine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class LargeCommandTest {

  @Parameter
  TestDatabase database;

  @Test
  @DisplayName("a command of megabytes is stored in parts below 1 MB and arrives as one, whole and in order")
  void splitAndJoined() {
    AtomicBoolean open = new AtomicBoolean();
    try (LogCapture quiet = new LogCapture();
        FakeGateway gateway = new FakeGateway().answering(post -> open.get() ? Answer.OK : new Answer(503, ""));
        TestEngine test = TestEngine.on(gateway, database, setup -> setup.plugin.setVariables("noise*"))
            .deploy(Models.review())) {
      Map<String, Object> noise = noise();
      test.engine.getIdentityService().setAuthenticatedUserId("alice");
      String instance = test.engine.getRuntimeService().startProcessInstanceByKey("review", noise).getId();
      test.engine.getIdentityService().clearAuthentication();
      int parts = test.rows();
      assertTrue(parts > 2, () -> "parts: " + parts);
      assertEquals(parts, test.number("select max(PARTS_) from NETBUILD_OUTBOX"));
      assertTrue(test.number("select max(octet_length(BODY_)) from NETBUILD_OUTBOX") < 1_000_000);

      open.set(true);
      gateway.awaitStartOf(instance);
      test.awaitRows(0);
      List<JsonObject> commands = gateway.commands();
      assertEquals(1, commands.size());
      assertEquals("process", commands.get(0).getAsJsonArray("events").get(0).getAsJsonObject().get("kind").getAsString());
      Map<String, Object> arrived = new HashMap<>();
      gateway.events().stream().filter(e -> e.get("kind").getAsString().equals("variable"))
          .forEach(e -> arrived.put(e.get("name").getAsString(), e.get("value").getAsString()));
      assertEquals(noise, arrived);
    }
  }

  @Test
  @DisplayName("the 2,000 tasks of one command are one row, since the events of a command repeat themselves")
  void deflated() {
    AtomicBoolean open = new AtomicBoolean();
    try (LogCapture quiet = new LogCapture();
        FakeGateway gateway = new FakeGateway().answering(post -> open.get() ? Answer.OK : new Answer(503, ""));
        TestEngine test = TestEngine.on(gateway, database).deploy(Models.many(2000))) {
      String instance = test.start("many");
      assertEquals(1, test.rows());
      open.set(true);
      gateway.awaitStartOf(instance);
      test.awaitRows(0);
      assertEquals(2000, gateway.events().stream()
          .filter(e -> e.get("kind").getAsString().equals("task") && e.get("event").getAsString().equals("create"))
          .map(e -> e.get("id").getAsString())
          .distinct().count());
    }
  }

  private static Map<String, Object> noise() {
    Random random = new Random(1);
    Map<String, Object> variables = new HashMap<>();
    for (int i = 0; i < 700; i++) {
      StringBuilder text = new StringBuilder();
      random.ints(4000, ' ', '~').forEach(text::appendCodePoint);
      variables.put("noise" + i, text.toString());
    }
    return variables;
  }
}
