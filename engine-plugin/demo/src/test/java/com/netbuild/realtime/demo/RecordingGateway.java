package com.netbuild.realtime.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Takes what the plugin posts, and lets a test wait for an event. */
final class RecordingGateway {

  static final String KEY = "key-of-the-tests";

  private static final byte[] ACKNOWLEDGED = "{\"epoch\":\"e1\",\"seq\":1,\"settle\":0}".getBytes(StandardCharsets.UTF_8);

  private final List<JsonNode> events = new ArrayList<>();
  private final HttpServer server;

  RecordingGateway() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.createContext("/v1/engine", this::take);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean known = ("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"));
      JsonNode post = new ObjectMapper().readTree(exchange.getRequestBody());
      if (!known) {
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      synchronized (this) {
        post.get("commands").forEach(command -> command.get("events").forEach(events::add));
        notifyAll();
      }
      exchange.sendResponseHeaders(200, ACKNOWLEDGED.length);
      exchange.getResponseBody().write(ACKNOWLEDGED);
    }
  }

  synchronized JsonNode await(String what, Predicate<JsonNode> fits) throws InterruptedException {
    long until = System.nanoTime() + 20_000_000_000L;
    while (true) {
      for (JsonNode event : events) {
        if (fits.test(event)) {
          return event;
        }
      }
      long left = (until - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("not posted within 20 s: " + what);
      }
      wait(left);
    }
  }

  synchronized List<JsonNode> of(String processInstanceId) {
    return events.stream().filter(e -> e.path("processInstanceId").asText().equals(processInstanceId)).toList();
  }
}
