package com.netbuild.realtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.netbuild.realtime.engine.support.FakeGateway;
import com.netbuild.realtime.engine.support.FakeGateway.Answer;
import com.netbuild.realtime.engine.support.LogCapture;
import com.netbuild.realtime.engine.support.Models;
import com.netbuild.realtime.engine.support.TestEngine;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the gateway asks in its answers, and what the relay says unasked. */
class QuestionsTest {

  private volatile String ask;
  private volatile boolean open = true;

  @Test
  @DisplayName("a token is said at once where nothing waits, and once")
  void nothingWaits() {
    ask = "t1";
    try (FakeGateway gateway = asking(); TestEngine test = TestEngine.on(gateway).deploy(Models.review())) {
      gateway.awaitSeen("t1");
      ask = "t2";
      String instance = test.start("review");
      gateway.awaitSeen("t2");
      gateway.awaitStartOf(instance);
      assertEquals(List.of("t1", "t2"), seen(gateway));
    }
  }

  @Test
  @DisplayName("a token is said after all that was committed before it came was delivered, and not before")
  void behindWhatWaits() {
    try (LogCapture quiet = new LogCapture();
        FakeGateway gateway = asking();
        TestEngine test = TestEngine.on(gateway, setup -> setup.plugin.setBatchCommands(2)).deploy(Models.review())) {
      gateway.awaitEmptyPosts(1);
      open = false;
      String last = null;
      for (int i = 0; i < 7; i++) {
        last = test.start("review");
      }
      // Questions are answered while commands are not, so the token comes while seven commands wait.
      ask = "t1";
      int before = gateway.emptyPosts().size();
      gateway.awaitEmptyPosts(before + 2);
      assertFalse(gateway.hasSeen("t1"));
      open = true;
      gateway.awaitSeen("t1");
      String awaited = last;
      assertTrue(gateway.commands().stream().anyMatch(command -> command.toString().contains(awaited)));
    }
  }

  @Test
  @DisplayName("a newer token takes the place of one that is unanswered")
  void newerToken() {
    try (LogCapture quiet = new LogCapture();
        FakeGateway gateway = asking();
        TestEngine test = TestEngine.on(gateway).deploy(Models.review())) {
      gateway.awaitEmptyPosts(1);
      open = false;
      test.start("review");
      ask = "t1";
      gateway.awaitEmptyPosts(gateway.emptyPosts().size() + 2);
      ask = "t2";
      gateway.awaitEmptyPosts(gateway.emptyPosts().size() + 2);
      open = true;
      gateway.awaitSeen("t2");
      assertEquals(List.of("t2"), seen(gateway));
    }
  }

  @Test
  @DisplayName("an idle relay is heard of within each five seconds, and posts tell how much waits and since when")
  void backlog() {
    try (LogCapture quiet = new LogCapture();
        FakeGateway gateway = asking();
        TestEngine test = TestEngine.on(gateway).deploy(Models.review())) {
      long begin = System.nanoTime();
      gateway.awaitEmptyPosts(2);
      assertTrue(System.nanoTime() - begin < 6_000_000_000L);
      assertEquals("{\"rows\":0}", gateway.emptyPosts().get(0).json().get("backlog").toString());

      open = false;
      long before = System.currentTimeMillis();
      test.start("review");
      test.start("review");
      gateway.await("a post that tells of two rows", () -> Stream.concat(gateway.posts().stream(), gateway.emptyPosts().stream())
          .map(FakeGateway.Post::json)
          .filter(post -> post.has("backlog"))
          .map(post -> post.getAsJsonObject("backlog"))
          .anyMatch(backlog -> backlog.get("rows").getAsInt() == 2 && backlog.get("oldest").getAsLong() >= before));
    }
  }

  private FakeGateway asking() {
    FakeGateway.Behaviour acknowledged = post -> new Answer(200, "{\"epoch\":\"e1\",\"seq\":1,\"settle\":0"
        + (ask == null ? "" : ",\"ask\":\"" + ask + "\"") + "}");
    return new FakeGateway().answeringEmpty(acknowledged)
        .answering(post -> open ? acknowledged.answer(post) : new Answer(503, ""));
  }

  private static List<String> seen(FakeGateway gateway) {
    return Stream.concat(gateway.emptyPosts().stream(), gateway.posts().stream())
        .map(FakeGateway.Post::json).filter(post -> post.has("seen"))
        .map((JsonObject post) -> post.get("seen").getAsString()).sorted().distinct().toList();
  }
}
