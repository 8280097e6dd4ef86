package com.netbuild.realtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.netbuild.realtime.engine.support.FakeGateway;
import com.netbuild.realtime.engine.support.LogCapture;
import com.netbuild.realtime.engine.support.Models;
import com.netbuild.realtime.engine.support.TestEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifecycleTest {

  @Test
  @DisplayName("an engine started again on the same file delivers what was left, under the id and time of then")
  void restart(@TempDir Path folder) {
    String url = "jdbc:h2:file:" + folder.resolve("engine");
    FakeGateway gone = new FakeGateway();
    String first;
    String second;
    try (LogCapture quiet = new LogCapture();
        TestEngine test = TestEngine.on(gone, setup -> setup.jdbcUrl = url).deploy(Models.review())) {
      gone.close();
      first = test.start("review");
      second = test.start("review");
      assertEquals(2, test.rows());
    }
    long closed = System.currentTimeMillis();
    try (FakeGateway gateway = new FakeGateway(); TestEngine test = TestEngine.on(gateway, setup -> setup.jdbcUrl = url)) {
      gateway.awaitStartOf(second);
      test.awaitRows(0);
      List<JsonObject> commands = gateway.commands();
      assertEquals(2, commands.size());
      assertTrue(commands.get(0).toString().contains(first));
      assertTrue(commands.get(1).toString().contains(second));
      assertTrue(commands.get(1).get("committedAt").getAsDouble() <= closed);
    }
  }

  @Test
  @DisplayName("a gateway that hangs slows no command: nothing is posted on the engine's thread")
  void hanging() {
    try (LogCapture quiet = new LogCapture();
        FakeGateway gateway = new FakeGateway().answering(post -> null);
        TestEngine test = TestEngine.on(gateway).deploy(Models.review())) {
      test.completeTaskOf(test.start("review"));
      gateway.awaitPosts(1);

      Instant begin = Instant.now();
      for (int i = 0; i < 20; i++) {
        test.completeTaskOf(test.start("review"));
      }
      Duration took = Duration.between(begin, Instant.now());
      // One that waited for the gateway would take as long as a POST may: half a minute.
      assertTrue(took.toSeconds() < 30, () -> "40 commands took " + took);
      assertEquals(1, gateway.posts().size());
      assertEquals(42, test.rows());
    }
  }

  @Test
  @DisplayName("closing the engine ends the relay, even in the middle of a POST, and keeps the rows")
  void close(@TempDir Path folder) {
    String url = "jdbc:h2:file:" + folder.resolve("engine");
    try (FakeGateway gateway = new FakeGateway().answering(post -> null)) {
      TestEngine test = TestEngine.on(gateway, setup -> {
        setup.jdbcUrl = url;
        setup.plugin.setEngineName("closing");
        setup.plugin.setCloseTimeoutMs(200);
      }).deploy(Models.review());
      test.start("review");
      gateway.awaitPosts(1);
      assertTrue(relayIsRunning());
      test.close();
      assertFalse(relayIsRunning());
    }
    try (FakeGateway gateway = new FakeGateway(); TestEngine test = TestEngine.on(gateway, setup -> setup.jdbcUrl = url)) {
      gateway.awaitPosts(1);
      test.awaitRows(0);
    }
  }

  private static boolean relayIsRunning() {
    return Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().equals("netbuild-realtime-relay-closing"));
  }
}
