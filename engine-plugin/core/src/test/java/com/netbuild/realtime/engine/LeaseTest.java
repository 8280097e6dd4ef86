package com.netbuild.realtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.netbuild.realtime.engine.support.FakeGateway;
import com.netbuild.realtime.engine.support.LogCapture;
import com.netbuild.realtime.engine.support.Models;
import com.netbuild.realtime.engine.support.OtherNode;
import com.netbuild.realtime.engine.support.TestDatabase;
import com.netbuild.realtime.engine.support.TestEngine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several nodes of an engine on one database. */
class LeaseTest {

  @Test
  @DisplayName("of two nodes one sends, for both, and soon; when it closes the other goes on at once")
  void twoNodes() {
    String url = TestDatabase.H2.url();
    try (LogCapture quiet = new LogCapture();
        FakeGateway first = new FakeGateway();
        FakeGateway second = new FakeGateway();
        TestEngine holder = node(first, url, 60_000).deploy(Models.review())) {
      first.awaitEmptyPosts(1);
      try (TestEngine other = node(second, url, 60_000)) {
        // It is known to wait from the next renewal of the lease on.
        TestEngine.await("that the other waits", () -> holder.number("select count(*) from NETBUILD_RELAY where WAITED_ > 0") == 1);
        List<String> instances = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          instances.add(holder.start("review"));
          instances.add(other.start("review"));
        }
        first.awaitStartOf(instances.get(9));
        first.awaitStartOf(instances.get(8));
        assertEquals(instances, starts(first));
        assertEquals(0, second.posts().size() + second.emptyPosts().size());

        holder.close();
        String later = other.start("review");
        second.awaitStartOf(later);
        other.awaitRows(0);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = TestDatabase.class, names = "H2", mode = EnumSource.Mode.EXCLUDE)
  @DisplayName("a node that is killed while it sends is followed by another: nothing lost, the order kept")
  void killed(TestDatabase database) throws Exception {
    String url = prepared(database);
    try (LogCapture quiet = new LogCapture(); FakeGateway gateway = new FakeGateway();
        OtherNode other = new OtherNode(url, gateway.url(), 1_000);
        TestEngine here = node(gateway, url, 1_000)) {
      List<String> instances = new ArrayList<>(other.start(20));
      gateway.awaitStartOf(instances.get(0));
      other.beginToStart(60);
      gateway.await("some of them", () -> starts(gateway).size() > 25);
      other.signal("KILL");
      for (int i = 0; i < 20; i++) {
        instances.add(here.start("review"));
      }
      here.awaitRows(0);
      assertWhole(gateway, here, instances);
    }
  }

  @ParameterizedTest
  @EnumSource(value = TestDatabase.class, names = "H2", mode = EnumSource.Mode.EXCLUDE)
  @DisplayName("a node that stood still for longer than its lease sends nothing when it wakes up but what it had begun")
  void frozen(TestDatabase database) throws Exception {
    String url = prepared(database);
    try (LogCapture quiet = new LogCapture(); FakeGateway gateway = new FakeGateway(); FakeGateway ofOther = new FakeGateway();
        OtherNode other = new OtherNode(url, ofOther.url(), 1_000);
        TestEngine here = node(gateway, url, 1_000)) {
      List<String> before = other.start(20);
      ofOther.awaitStartOf(before.get(19));
      other.beginToStart(60);
      ofOther.await("some of them", () -> starts(ofOther).size() > 25);
      other.signal("STOP");

      String mine = here.start("review");
      gateway.awaitStartOf(mine);
      here.awaitRows(0);
      int sentByOther = ofOther.posts().size();

      other.signal("CONT");
      // The first of these are what it had begun.
      List<String> rest = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        rest.add(other.next());
      }
      List<String> after = other.start(20);
      here.awaitRows(0);
      assertTrue(ofOther.posts().size() <= sentByOther + 1, "at most the one that was under way");
      // Everything is in one or in both of what they got, and each in the order of the ids of the table.
      Map<String, JsonObject> all = new LinkedHashMap<>();
      ofOther.commands().forEach(command -> all.put(command.get("id").getAsString(), command));
      gateway.commands().forEach(command -> all.putIfAbsent(command.get("id").getAsString(), command));
      assertEquals(1 + 20 + 60 + 20, all.size());
      List<String> started = new ArrayList<>(starts(ofOther));
      starts(gateway).stream().filter(id -> !started.contains(id)).forEach(started::add);
      List<String> ofOtherNode = started.stream().filter(id -> !id.equals(mine)).toList();
      List<String> inOrder = new ArrayList<>(before);
      inOrder.addAll(rest);
      inOrder.addAll(after);
      assertEquals(inOrder, ofOtherNode);
    }
  }

  @ParameterizedTest
  @EnumSource(value = TestDatabase.class, names = "H2", mode = EnumSource.Mode.EXCLUDE)
  @DisplayName("commits on a node without the lease are sent within a tenth of a second, as a rule")
  void latency(TestDatabase database) throws Exception {
    String url = prepared(database);
    try (FakeGateway gateway = new FakeGateway();
        TestEngine holder = node(gateway, url, 1_000);
        OtherNode other = new OtherNode(url, gateway.url(), 1_000)) {
      TestEngine.await("that the other waits", () -> holder.number("select count(*) from NETBUILD_RELAY where WAITED_ > 0") == 1);
      List<Long> took = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        String id = other.start(1).get(0);
        long begin = System.nanoTime();
        gateway.awaitStartOf(id);
        took.add((System.nanoTime() - begin) / 1_000_000);
      }
      took.sort(null);
      System.out.println("latency of another node's commits on " + database + ", ms: p50 " + took.get(15) + ", max " + took.get(29));
      assertTrue(took.get(15) < 1_000, took::toString);
    }
  }

  private static String prepared(TestDatabase database) {
    String url = database.url();
    TestEngine.empty(url);
    // The tables, and the model.
    try (FakeGateway gateway = new FakeGateway(); TestEngine test = node(gateway, url, 1_000)) {
      test.deploy(Models.review());
    }
    return url;
  }

  private static TestEngine node(FakeGateway gateway, String url, int leaseMs) {
    return TestEngine.on(gateway, setup -> {
      setup.jdbcUrl = url;
      setup.plugin.setLeaseMs(leaseMs);
    });
  }

  /** Each committed start of this test arrived; of repeated commands, the first time in the order of the commits. */
  private static void assertWhole(FakeGateway gateway, TestEngine here, List<String> known) {
    List<String> started = starts(gateway);
    assertTrue(started.containsAll(known));
    Map<String, JsonObject> commands = new LinkedHashMap<>();
    gateway.commands().forEach(command -> commands.putIfAbsent(command.get("id").getAsString(), command));
    List<String> ids = commands.values().stream().map(command -> command.getAsJsonArray("events").get(0).getAsJsonObject()
        .get("id").getAsString()).toList();
    assertEquals(Set.copyOf(ids).size(), ids.size(), "each instance has started once");
    // One after the other on each node: those of the killed one before those of this one.
    assertEquals(known.subList(0, 20), ids.subList(0, 20));
    assertEquals(known.subList(20, 40), ids.stream().filter(known.subList(20, 40)::contains).toList());
    long committed = here.number("select count(*) from ACT_HI_PROCINST where PROC_INST_ID_ in ('"
        + String.join("','", ids) + "')");
    assertEquals(committed, ids.size());
  }

  private static List<String> starts(FakeGateway gateway) {
    return gateway.events().stream()
        .filter(e -> e.get("kind").getAsString().equals("process") && e.get("event").getAsString().equals("start"))
        .map(e -> e.get("id").getAsString()).distinct().toList();
  }
}
