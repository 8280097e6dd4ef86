package com.netbuild.realtime.engine.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.netbuild.realtime.engine.PluginSettings;
import com.netbuild.realtime.engine.history.VariableNames;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GatewayClientTest {

  private interface Answering {
    void answer(HttpExchange exchange) throws Exception;
  }

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch ended = new CountDownLatch(1);
  private HttpServer server;
  private volatile Answering answering = exchange -> say(exchange, 200, "{\"epoch\":\"e1\",\"settle\":0}");
  private GatewayClient client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", exchange -> {
      try (exchange) {
        exchange.getRequestBody().readAllBytes();
        answering.answer(exchange);
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    });
    server.start();
    client = clientOf(server.getAddress().getPort());
  }

  private static GatewayClient clientOf(int port) {
    return new GatewayClient(new PluginSettings(
        URI.create("http://127.0.0.1:" + port + "/v1/engine"), "the-key-of-the-test", "default",
        200, 4_000_000, Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(1),
        Duration.ofSeconds(5), new VariableNames(null)));
  }

  @AfterEach
  void stop() {
    client.cancel();
    client.close();
    ended.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  @DisplayName("all posts go over one connection, whatever is answered")
  void oneConnection() throws Exception {
    Set<Integer> ports = ConcurrentHashMap.newKeySet();
    answering = exchange -> {
      boolean isFirst = ports.isEmpty();
      ports.add(exchange.getRemoteAddress().getPort());
      say(exchange, isFirst ? 503 : 200, "{\"epoch\":\"e1\",\"settle\":7,\"ask\":\"t1\"}");
    };
    assertThrows(GatewayException.class, () -> client.post("{}", () -> {}));
    for (int i = 0; i < 10; i++) {
      assertEquals(new GatewayClient.Acknowledgement("e1", 7, false, "t1"), client.post("{}", () -> {}));
    }
    assertEquals(1, ports.size(), ports::toString);
  }

  @Test
  @DisplayName("while an answer is waited for the pulse beats; when it can not, the post ends for its reason")
  void pulse() {
    answering = exchange -> ended.await();
    SQLException lost = new SQLException("the lease is another's");
    assertSame(lost, assertThrows(SQLException.class, () -> client.post("{}", () -> {
      throw lost;
    })));
  }

  @Test
  @DisplayName("a cancel ends the post that is under way, and each later one")
  void cancel() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    answering = exchange -> {
      arrived.countDown();
      ended.await();
    };
    Future<?> post = threads.submit(() -> client.post("{}", () -> {}));
    arrived.await();
    client.cancel();
    Exception ofPost = assertThrows(Exception.class, () -> post.get(2, TimeUnit.SECONDS));
    assertTrue(ofPost.getCause().getMessage().contains("the engine is closing"), ofPost::toString);
    assertThrows(GatewayException.class, () -> client.post("{}", () -> {}));
  }

  @Test
  @DisplayName("an answer that does not end is not waited for without an end")
  void endless() {
    answering = exchange -> {
      exchange.sendResponseHeaders(200, 0);
      while (!ended.await(20, TimeUnit.MILLISECONDS)) {
        exchange.getResponseBody().write(' ');
        exchange.getResponseBody().flush();
      }
    };
    GatewayException refusal = assertThrows(GatewayException.class, () -> client.post("{}", () -> {}));
    assertTrue(refusal.getMessage().contains("did not end in time"), refusal::getMessage);
  }

  @Test
  @DisplayName("a gateway that does not read what it is sent is not waited for without an end")
  void frozen() throws Exception {
    try (ServerSocket frozen = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      GatewayClient toFrozen = clientOf(frozen.getLocalPort());
      Future<?> post = threads.submit(() -> toFrozen.post("x".repeat(32_000_000), () -> {}));
      Exception refusal = assertThrows(ExecutionException.class, () -> post.get(20, TimeUnit.SECONDS));
      assertTrue(refusal.getMessage().contains("did not end in time"), refusal::toString);
      toFrozen.close();
    }
  }

  @Test
  @DisplayName("a server that asks for a password is told none, though the application has one for others")
  void noPassword() {
    Authenticator.setDefault(new Authenticator() {
      @Override
      protected PasswordAuthentication getPasswordAuthentication() {
        throw new AssertionError("the application's password was asked for");
      }
    });
    try {
      answering = exchange -> {
        exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"here\"");
        say(exchange, 401, "{}");
      };
      GatewayException refusal = assertThrows(GatewayException.class, () -> client.post("{}", () -> {}));
      assertTrue(refusal.getMessage().contains("publishKey (HTTP 401)"), refusal::getMessage);
    } finally {
      Authenticator.setDefault(null);
    }
  }

  private static void say(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
