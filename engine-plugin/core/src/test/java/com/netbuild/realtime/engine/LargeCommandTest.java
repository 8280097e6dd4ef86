package com.netbuild.realtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.netbuild.realtime.engine.support.FakeGateway;
import com.netbuild.realtime.engine.support.FakeGateway.Answer;
import com.netbuild.realtime.engine.support.LogCapture;
import com.netbuild.realtime.engine.support.Models;
import com.netbuild.realtime.engine.support.TestEngine;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LargeCommandTest {

  @Test
  @DisplayName("a command with 2,000 tasks is stored in parts below 1 MB and arrives as one, whole and in order")
  void splitAndJoined() {
    AtomicBoolean open = new AtomicBoolean();
    try (LogCapture quiet = new LogCapture();
        FakeGateway gateway = new FakeGateway().answering(post -> open.get() ? Answer.OK : new Answer(503, ""));
        TestEngine test = TestEngine.on(gateway).deploy(Models.many(2000))) {
      test.engine.getIdentityService().setAuthenticatedUserId("alice");
      String instance = test.start("many");
      test.engine.getIdentityService().clearAuthentication();
      int parts = test.rows();
      assertTrue(parts > 2, () -> "parts: " + parts);
      assertEquals(parts, test.number("select max(PARTS_) from NETBUILD_OUTBOX"));
      assertTrue(test.number("select max(octet_length(BODY_)) from NETBUILD_OUTBOX") < 1_000_000);
      assertEquals(0, test.number("select count(*) from NETBUILD_OUTBOX where SIZE_ <> octet_length(BODY_)"));

      open.set(true);
      gateway.awaitStartOf(instance);
      test.awaitRows(0);
      List<JsonObject> commands = gateway.commands();
      assertEquals(1, commands.size());
      assertEquals("process", commands.get(0).getAsJsonArray("events").get(0).getAsJsonObject().get("kind").getAsString());
      assertEquals(2000, gateway.events().stream()
          .filter(e -> e.get("kind").getAsString().equals("task") && e.get("event").getAsString().equals("create"))
          .map(e -> e.get("id").getAsString())
          .distinct().count());
    }
  }
}
