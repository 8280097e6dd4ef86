package com.netbuild.realtime.engine.support;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A real HTTP server that plays the gateway: it keeps what is posted, and answers what a test says. */
public final class FakeGateway implements AutoCloseable {

  public static final String KEY = "key-of-the-tests";
  public static final String ACKNOWLEDGED = "{\"epoch\":\"e1\",\"seq\":1,\"settle\":0}";

  /** What to answer to a post. */
  public record Answer(int status, String body) {
    public static final Answer OK = new Answer(200, ACKNOWLEDGED);
  }

  /** One post as it came. */
  public record Post(String authorization, String path, String text) {
    public JsonObject json() {
      return JsonParser.parseString(text).getAsJsonObject();
    }

    /** Brings nothing: it asks for the epoch, or says that all is in it. */
    public boolean isEmpty() {
      return json().getAsJsonArray("commands").isEmpty();
    }
  }

  /** Decides the answer to a post; null leaves the client without one until the gateway closes. */
  public interface Behaviour {
    Answer answer(Post post);
  }

  private final List<Post> posts = new ArrayList<>();
  private final List<Post> accepted = new ArrayList<>();
  private final List<Post> empty = new ArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private volatile Behaviour behaviour = post -> Answer.OK;
  private volatile Behaviour answering = post -> Answer.OK;

  public FakeGateway() {
    this(0);
  }

  /** On a port that was another gateway's before, say. */
  public FakeGateway(int port) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public FakeGateway answering(Behaviour behaviour) {
    this.behaviour = behaviour;
    return this;
  }

  /** What to answer to posts that bring nothing; until then, that all is well. */
  public FakeGateway answeringEmpty(Behaviour behaviour) {
    this.answering = behaviour;
    return this;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /** Every post that brought something, answered or not. */
  public synchronized List<Post> posts() {
    return List.copyOf(posts);
  }

  /** Every post that brought nothing. */
  public synchronized List<Post> emptyPosts() {
    return List.copyOf(empty);
  }

  /** The commands of all acknowledged posts. */
  public synchronized List<JsonObject> commands() {
    List<JsonObject> commands = new ArrayList<>();
    accepted.forEach(post -> post.json().getAsJsonArray("commands").forEach(c -> commands.add(c.getAsJsonObject())));
    return commands;
  }

  /** The events of all acknowledged posts. */
  public List<JsonObject> events() {
    List<JsonObject> events = new ArrayList<>();
    commands().forEach(command -> command.getAsJsonArray("events").forEach(e -> events.add(e.getAsJsonObject())));
    return events;
  }

  public void awaitPosts(int count) {
    await("posts: " + count, () -> posts.size() >= count);
  }

  /** Waits until it was told that all is in this life. */
  public void awaitWhole(String epoch) {
    await("that all is in " + epoch, () -> empty.stream()
        .anyMatch(post -> post.json().has("whole") && post.json().get("whole").getAsString().equals(epoch)));
  }

  /** Whether a post that was answered has said this token. */
  public synchronized boolean hasSeen(String token) {
    return Stream.concat(empty.stream(), accepted.stream()).map(Post::json)
        .anyMatch(post -> post.has("seen") && post.get("seen").getAsString().equals(token));
  }

  public void awaitSeen(String token) {
    await("that it has seen " + token, () -> hasSeen(token));
  }

  public void awaitEmptyPosts(int count) {
    await("empty posts: " + count, () -> empty.size() >= count);
  }

  public void awaitEvent(Predicate<JsonObject> fits) {
    await("an event", () -> events().stream().anyMatch(fits));
  }

  /** Waits until this instance's end has been acknowledged. */
  public void awaitEndOf(String processInstanceId) {
    awaitEvent(event -> is(event, "process", "end", processInstanceId));
  }

  public void awaitStartOf(String processInstanceId) {
    awaitEvent(event -> is(event, "process", "start", processInstanceId));
  }

  public static boolean is(JsonObject event, String kind, String type, String id) {
    return event.get("kind").getAsString().equals(kind)
        && event.get("event").getAsString().equals(type)
        && event.has("id") && event.get("id").getAsString().equals(id);
  }

  public synchronized void await(String what, java.util.function.BooleanSupplier condition) {
    long until = System.nanoTime() + 20_000_000_000L;
    try {
      while (!condition.getAsBoolean()) {
        long left = (until - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new AssertionError("not within 20 s: " + what + "; posts so far: " + posts.size());
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Post post = new Post(
          exchange.getRequestHeaders().getFirst("Authorization"),
          exchange.getRequestURI().getPath(),
          new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      Answer answer = (post.isEmpty() ? answering : behaviour).answer(post);
      keep(post, answer);
      if (answer == null) {
        closed.await();
        return;
      }
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void keep(Post post, Answer answer) {
    (post.isEmpty() ? empty : posts).add(post);
    if (!post.isEmpty() && answer != null && answer.status() == 200) {
      accepted.add(post);
    }
    notifyAll();
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
