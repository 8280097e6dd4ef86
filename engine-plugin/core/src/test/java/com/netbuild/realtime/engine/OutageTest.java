package com.netbuild.realtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.netbuild.realtime.engine.support.FakeGateway;
import com.netbuild.realtime.engine.support.FakeGateway.Answer;
import com.netbuild.realtime.engine.support.LogCapture;
import com.netbuild.realtime.engine.support.Models;
import com.netbuild.realtime.engine.support.TestDatabase;
import com.netbuild.realtime.engine.support.TestEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestDatabase.class)
class OutageTest {

  @Parameter
  TestDatabase database;

  @Test
  @DisplayName("while the gateway is down commands succeed and rows stay; back, it gets all of them in order")
  void down() {
    FakeGateway before = new FakeGateway();
    int port = before.port();
    try (LogCapture log = new LogCapture(); TestEngine test = TestEngine.on(before, database).deploy(Models.review())) {
      before.close();
      List<String> instances = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        instances.add(test.start("review"));
      }
      assertEquals(20, test.rows());

      try (FakeGateway back = new FakeGateway(port)) {
        back.awaitStartOf(instances.get(19));
        test.awaitRows(0);
        assertEquals(instances, back.events().stream()
            .filter(e -> e.get("kind").getAsString().equals("process"))
            .map(e -> e.get("id").getAsString())
            .toList());
        assertTrue(log.lines().size() <= 2, () -> "one line when it goes, one when it is back: " + log.lines());
      }
    }
  }

  @Test
  @DisplayName("a long outage is one line in the log, and so is its end")
  void oneLine() {
    AtomicInteger left = new AtomicInteger(5);
    try (LogCapture log = new LogCapture();
        FakeGateway gateway = new FakeGateway().answering(post -> left.getAndDecrement() > 0 ? new Answer(503, "") : Answer.OK);
        TestEngine test = TestEngine.on(gateway, database).deploy(Models.review())) {
      String instance = test.start("review");
      gateway.awaitStartOf(instance);
      test.awaitRows(0);
      await(() -> log.lines().size() == 2);
      assertTrue(log.lines().get(0).contains("it answered HTTP 503"), log.lines()::toString);
      assertTrue(log.lines().get(1).contains("takes events again"), log.lines()::toString);
    }
  }

  @Test
  @DisplayName("after a 500 the same command is sent again under the same id")
  void serverError() {
    AtomicInteger left = new AtomicInteger(2);
    try (LogCapture quiet = new LogCapture();
        FakeGateway gateway = new FakeGateway().answering(post -> left.getAndDecrement() > 0 ? new Answer(500, "") : Answer.OK);
        TestEngine test = TestEngine.on(gateway, database).deploy(Models.review())) {
      gateway.awaitStartOf(test.start("review"));
      assertSentThreeTimes(gateway);
    }
  }

  @Test
  @DisplayName("after a timeout the same command is sent again under the same id")
  void timeout() {
    AtomicInteger left = new AtomicInteger(2);
    try (LogCapture quiet = new LogCapture();
        FakeGateway gateway = new FakeGateway().answering(post -> left.getAndDecrement() > 0 ? null : Answer.OK);
        TestEngine test = TestEngine.on(gateway, database, setup -> setup.plugin.setRequestTimeoutMs(300)).deploy(Models.review())) {
      gateway.awaitStartOf(test.start("review"));
      assertSentThreeTimes(gateway);
    }
  }

  @Test
  @DisplayName("a refused key keeps the rows, and the log says that it is the key")
  void refusedKey() {
    try (LogCapture log = new LogCapture();
        FakeGateway gateway = new FakeGateway().answering(post -> new Answer(401, "{\"error\":\"no\"}"));
        TestEngine test = TestEngine.on(gateway, database).deploy(Models.review())) {
      test.start("review");
      gateway.awaitPosts(3);
      assertEquals(1, test.rows());
      assertEquals(1, log.lines().size());
      assertTrue(log.lines().get(0).contains("publishKey (HTTP 401)"), log.lines()::toString);
      assertTrue(log.lines().stream().noneMatch(line -> line.contains(FakeGateway.KEY)));
    }
  }

  @Test
  @DisplayName("a 200 that is not the gateway's own acknowledgement deletes nothing")
  void somebodyElse() {
    try (LogCapture quiet = new LogCapture();
        FakeGateway gateway = new FakeGateway().answering(post -> new Answer(200, "<html>Welcome</html>"));
        TestEngine test = TestEngine.on(gateway, database).deploy(Models.review())) {
      test.start("review");
      gateway.awaitPosts(3);
      assertEquals(1, test.rows());
    }
  }

  @Test
  @DisplayName("when a batch is too large for the gateway it is halved until it fits, in order")
  void tooLarge() {
    FakeGateway before = new FakeGateway();
    int port = before.port();
    try (LogCapture quiet = new LogCapture(); TestEngine test = TestEngine.on(before, database).deploy(Models.review())) {
      before.close();
      List<String> instances = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        instances.add(test.start("review"));
      }
      try (FakeGateway small = new FakeGateway(port).answering(post ->
          post.json().getAsJsonArray("commands").size() > 4 ? new Answer(413, "") : Answer.OK)) {
        small.awaitStartOf(instances.get(29));
        test.awaitRows(0);
        assertEquals(instances, small.events().stream()
            .filter(e -> e.get("kind").getAsString().equals("process"))
            .map(e -> e.get("id").getAsString())
            .toList());
      }
    }
  }

  private static void assertSentThreeTimes(FakeGateway gateway) {
    List<JsonElement> sent = gateway.posts().stream().map(post -> post.json().get("commands")).toList();
    assertEquals(3, sent.size());
    assertEquals(1, sent.stream().distinct().count(), "each try is the same, its time included");
  }

  private static void await(java.util.function.BooleanSupplier condition) {
    long until = System.nanoTime() + 10_000_000_000L;
    while (!condition.getAsBoolean() && System.nanoTime() < until) {
      Thread.yield();
    }
  }
}
