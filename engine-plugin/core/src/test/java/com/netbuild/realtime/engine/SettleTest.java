package com.netbuild.realtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.netbuild.realtime.engine.support.FakeGateway;
import com.netbuild.realtime.engine.support.FakeGateway.Answer;
import com.netbuild.realtime.engine.support.LogCapture;
import com.netbuild.realtime.engine.support.Models;
import com.netbuild.realtime.engine.support.TestDatabase;
import com.netbuild.realtime.engine.support.TestEngine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A gateway whose storage can lose what it has acknowledged, and says so. */
@ParameterizedClass
@EnumSource(TestDatabase.class)
class SettleTest {

  @Parameter
  TestDatabase database;

  /** Longer than a test. */
  private static final int LONG = 3_600_000;

  private volatile String epoch = "e1";
  private volatile int settle = LONG;
  private volatile boolean rebuilding;

  @Test
  @DisplayName("what was acknowledged stays in the outbox, and is not sent twice in one life")
  void kept() {
    try (FakeGateway gateway = storage(new FakeGateway());
        TestEngine test = engineOn(gateway)) {
      List<String> instances = start(test, 5);
      gateway.awaitStartOf(instances.get(4));
      gateway.awaitWhole("e1");
      instances.addAll(start(test, 5));
      gateway.awaitStartOf(instances.get(9));
      assertEquals(instances, startsIn(gateway));
      assertEquals(10, test.rows());
    }
  }

  @Test
  @DisplayName("after its time the epoch is asked for; it is the same, and the rows go")
  void settled() {
    settle = 200;
    try (FakeGateway gateway = storage(new FakeGateway());
        TestEngine test = engineOn(gateway)) {
      List<String> instances = start(test, 20);
      gateway.awaitStartOf(instances.get(19));
      test.awaitRows(0);
      assertEquals(instances, startsIn(gateway));
    }
  }

  @Test
  @DisplayName("under load each acknowledgement lets go of what is old enough, so the table holds the rate times the time")
  void steady() {
    settle = 100;
    try (FakeGateway gateway = storage(new FakeGateway());
        TestEngine test = engineOn(gateway)) {
      int most = 0;
      String last = null;
      for (int i = 0; i < 300; i++) {
        last = test.start("review");
        most = Math.max(most, test.rows());
      }
      gateway.awaitStartOf(last);
      assertTrue(most < 300, "rows at once: " + most);
      test.awaitRows(0);
    }
  }

  @Test
  @DisplayName("another epoch has all that was kept sent again, in order, and then the gateway is told so")
  void lost() {
    try (LogCapture log = new LogCapture();
        FakeGateway gateway = storage(new FakeGateway());
        TestEngine test = engineOn(gateway)) {
      List<String> instances = start(test, 30);
      gateway.awaitStartOf(instances.get(29));
      gateway.awaitWhole("e1");
      List<JsonObject> first = gateway.commands();

      epoch = "e2";
      String after = test.start("review");
      gateway.awaitWhole("e2");
      gateway.awaitStartOf(after);
      List<JsonObject> all = gateway.commands();
      assertEquals(first, all.subList(30, 60), "the same, in the same order, their times included");
      assertEquals(List.of(after), starts(all.subList(60, 61)), "and what follows on it behind them");
      assertEquals(61, all.size());
      assertTrue(log.lines().stream().anyMatch(line -> line.contains("has begun another life")), log.lines()::toString);
      assertEquals(31, test.rows());
    }
  }

  @Test
  @DisplayName("it is noticed while nothing happens, too; a storage that has no replica left asks for nothing more")
  void idle() {
    settle = 300;
    try (LogCapture quiet = new LogCapture();
        FakeGateway gateway = storage(new FakeGateway());
        TestEngine test = engineOn(gateway)) {
      String instance = test.start("review");
      gateway.awaitStartOf(instance);
      gateway.awaitWhole("e1");
      epoch = "e2";
      settle = 0;
      gateway.awaitWhole("e2");
      assertEquals(List.of(instance, instance), startsIn(gateway));
      test.awaitRows(0);
    }
  }

  @Test
  @DisplayName("an engine that died sends again what it kept, also when the storage changes meanwhile")
  void died() {
    String url = database.url();
    TestEngine.empty(url);
    FakeGateway before = storage(new FakeGateway());
    List<String> instances;
    TestEngine first = engineOn(before, url);
    instances = start(first, 5);
    before.awaitStartOf(instances.get(4));
    // A close lets go of nothing: it is as far as a kill comes here.
    first.close();
    before.close();
    epoch = "e2";
    settle = 0;
    rebuilding = true;
    try (FakeGateway gateway = storage(new FakeGateway()); TestEngine again = engineOn(gateway, url)) {
      gateway.awaitWhole("e2");
      assertEquals(instances, startsIn(gateway));
      again.awaitRows(0);
    }
  }

  @Test
  @DisplayName("an engine that keeps nothing says so when it is waited for")
  void waitedFor() {
    settle = 0;
    rebuilding = true;
    try (FakeGateway gateway = storage(new FakeGateway());
        TestEngine test = engineOn(gateway)) {
      gateway.awaitWhole("e1");
      assertTrue(gateway.posts().isEmpty());
      epoch = "e2";
      gateway.awaitWhole("e2");
    }
  }

  @Test
  @DisplayName("with settle 0 rows go at once, and the epoch is asked for once")
  void never() {
    settle = 0;
    try (FakeGateway gateway = storage(new FakeGateway()); TestEngine test = engineOn(gateway)) {
      gateway.awaitEmptyPosts(1);
      List<String> instances = start(test, 10);
      gateway.awaitStartOf(instances.get(9));
      test.awaitRows(0);
      epoch = "e2";
      gateway.awaitStartOf(test.start("review"));
      test.awaitRows(0);
      assertEquals(11, gateway.commands().size());
      assertEquals(1, gateway.emptyPosts().size());
      assertFalse(gateway.emptyPosts().get(0).json().has("whole"));
    }
  }

  private FakeGateway storage(FakeGateway gateway) {
    FakeGateway.Behaviour answer = post -> new Answer(200, "{\"epoch\":\"" + epoch + "\",\"seq\":1,\"settle\":" + settle
        + (rebuilding ? ",\"rebuilding\":true" : "") + "}");
    return gateway.answeringEmpty(answer).answering(post -> {
      JsonObject said = post.json();
      boolean isOver = said.has("epoch") && !said.get("epoch").getAsString().equals(epoch);
      return isOver ? new Answer(409, "{\"error\":{\"code\":\"life_over\"}}") : answer.answer(post);
    });
  }

  private TestEngine engineOn(FakeGateway gateway) {
    return TestEngine.on(gateway, database, setup -> setup.plugin.setPollIntervalMs(50)).deploy(Models.review());
  }

  private static TestEngine engineOn(FakeGateway gateway, String jdbcUrl) {
    return TestEngine.on(gateway, setup -> {
      setup.jdbcUrl = jdbcUrl;
      setup.plugin.setPollIntervalMs(50);
    }).deploy(Models.review());
  }

  private static List<String> start(TestEngine test, int count) {
    List<String> instances = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      instances.add(test.start("review"));
    }
    return instances;
  }

  private static List<String> startsIn(FakeGateway gateway) {
    return starts(gateway.commands());
  }

  private static List<String> starts(List<JsonObject> commands) {
    List<String> ids = new ArrayList<>();
    commands.forEach(command -> command.getAsJsonArray("events").forEach(one -> {
      JsonObject event = one.getAsJsonObject();
      if (event.get("kind").getAsString().equals("process") && event.get("event").getAsString().equals("start")) {
        ids.add(event.get("id").getAsString());
      }
    }));
    return ids;
  }
}
