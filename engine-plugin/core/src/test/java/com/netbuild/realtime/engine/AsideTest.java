package com.netbuild.realtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.netbuild.realtime.engine.support.FakeGateway;
import com.netbuild.realtime.engine.support.FakeGateway.Answer;
import com.netbuild.realtime.engine.support.LogCapture;
import com.netbuild.realtime.engine.support.Models;
import com.netbuild.realtime.engine.support.Readme;
import com.netbuild.realtime.engine.support.TestDatabase;
import com.netbuild.realtime.engine.support.TestEngine;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import javax.management.ObjectName;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands that the gateway will not have, whatever else it takes. */
class AsideTest {

  private volatile String refused;
  private volatile Answer refusal = new Answer(413, "");

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  @DisplayName("a command that is too large alone is kept aside, named in the log, and all the others go on in order")
  void tooLarge(TestDatabase database) {
    try (LogCapture log = new LogCapture();
        FakeGateway gateway = refusing();
        TestEngine test = TestEngine.on(gateway, database).deploy(Models.review())) {
      List<String> instances = someWithOneRefused(test);
      gateway.awaitStartOf(instances.get(9));
      test.awaitRows(1);
      List<String> others = new ArrayList<>(instances);
      others.remove(refused);
      assertEquals(others, starts(gateway));
      assertEquals(1, log.lines().stream().filter(line -> line.contains("will not have the command")).count(), log.lines()::toString);

      String aside = refused;
      refused = null;
      // What an operator does, as the README says it.
      String command = log.lines().stream().filter(line -> line.contains("will not have")).findFirst().orElseThrow()
          .replaceAll(".*command (\\S+) .*", "$1");
      assertEquals(1, test.run(Readme.statement("update NETBUILD_OUTBOX").replace("…", command)));
      gateway.awaitStartOf(aside);
      test.awaitRows(0);
    }
  }

  @Test
  @DisplayName("so is one that makes the gateway call the message invalid; JMX counts it, and has it sent again")
  void invalid() throws Exception {
    refusal = new Answer(400, "{\"error\":{\"code\":\"invalid\",\"message\":\"no\"}}");
    try (LogCapture quiet = new LogCapture();
        FakeGateway gateway = refusing();
        TestEngine test = TestEngine.on(gateway, setup -> setup.plugin.setEngineName("aside")).deploy(Models.review())) {
      List<String> instances = someWithOneRefused(test);
      gateway.awaitStartOf(instances.get(9));
      test.awaitRows(1);
      ObjectName relay = new ObjectName("com.netbuild.realtime:type=Relay,engine=aside");
      var jmx = ManagementFactory.getPlatformMBeanServer();
      TestEngine.await("that JMX counts it", () -> jmx.getAttribute(relay, "Aside").equals(1L));
      assertEquals(true, jmx.getAttribute(relay, "Holder"));
      assertEquals(0L, jmx.getAttribute(relay, "Rows"));

      String aside = refused;
      refused = null;
      assertEquals(1, jmx.invoke(relay, "sendAsideAgain", null, null));
      gateway.awaitStartOf(aside);
      test.awaitRows(0);
    }
  }

  @Test
  @DisplayName("a gateway that finds everything invalid, questions too, is away; nothing is kept aside")
  void everything() {
    try (LogCapture log = new LogCapture();
        FakeGateway gateway = new FakeGateway();
        TestEngine test = TestEngine.on(gateway).deploy(Models.review())) {
      gateway.awaitEmptyPosts(1);
      Answer invalid = new Answer(400, "{\"error\":{\"code\":\"invalid\",\"message\":\"no\"}}");
      gateway.answering(post -> invalid).answeringEmpty(post -> invalid);
      String instance = test.start("review");
      gateway.awaitPosts(1);
      gateway.awaitEmptyPosts(4);
      assertEquals(0, test.number("select count(*) from NETBUILD_OUTBOX where ASIDE_ is not null"));
      gateway.answering(post -> Answer.OK).answeringEmpty(post -> Answer.OK);
      gateway.awaitStartOf(instance);
      assertTrue(log.lines().stream().noneMatch(line -> line.contains("will not have")), log.lines()::toString);
    }
  }

  private FakeGateway refusing() {
    return new FakeGateway().answering(post -> {
      String aside = refused;
      return open && (aside == null || !post.text().contains("\"processInstanceId\":\"" + aside + "\"")) ? Answer.OK : open ? refusal : new Answer(503, "");
    });
  }

  private volatile boolean open;

  private List<String> someWithOneRefused(TestEngine test) {
    List<String> instances = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      instances.add(test.start("review"));
    }
    refused = instances.get(4);
    open = true;
    return instances;
  }

  private static List<String> starts(FakeGateway gateway) {
    return gateway.events().stream().filter((JsonObject e) -> e.get("kind").getAsString().equals("process"))
        .map(e -> e.get("id").getAsString()).toList();
  }
}
