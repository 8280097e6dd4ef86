package com.netbuild.realtime.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
        "spring.datasource.url=jdbc:h2:mem:demo",
        "netbuild.realtime.publish-key=" + RecordingGateway.KEY,
        "netbuild.demo.service-password=service",
        "netbuild.demo.people-password=people"
    })
class DemoEngineTest {

  private static final RecordingGateway GATEWAY = new RecordingGateway();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();

  @LocalServerPort
  private int port;

  @DynamicPropertySource
  static void gateway(DynamicPropertyRegistry registry) {
    registry.add("netbuild.realtime.gateway-url", GATEWAY::url);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "alice:wrong", "nobody:people"})
  @DisplayName("REST refuses whoever has no name and password of the engine")
  void refuses(String credentials) throws Exception {
    assertEquals(401, send(credentials, "GET", "/task", null).statusCode());
    assertEquals(401, send(credentials, "POST", "/process-definition/key/quick-check/start", "{}").statusCode());
  }

  @Test
  @DisplayName("the service account may use REST, and both models are there")
  void serviceAccount() throws Exception {
    JsonNode definitions = ok(send("gateway:service", "GET", "/process-definition?latestVersion=true&sortBy=key&sortOrder=asc", null));
    assertEquals(List.of("microservice-delivery", "quick-check"), definitions.findValuesAsText("key"));
  }

  @Test
  @DisplayName("a delivery whose tasks are completed without variables takes the happy path to its end")
  void happyPath() throws Exception {
    String instance = start("billing");
    complete("alice", instance, "review-requirements", "{}");
    generate(instance, "complete", "");
    complete("bob", instance, "approve-release", "{}");
    pay(instance);
    assertEquals("COMPLETED", end(instance).get("state").asText());
    assertEquals(List.of("service-requested", "review-requirements", "generate-service", "code-ready", "approve-release",
        "approved", "await-payment", "deploy-service", "service-delivered"), activities(instance));
  }

  @Test
  @DisplayName("a generation that fails is repaired, a release that is not approved too")
  void errorPath() throws Exception {
    String instance = start("failing-ledger");
    complete("alice", instance, "review-requirements", "{}");
    generate(instance, "bpmnError", ",\"errorCode\":\"generation-failed\"");
    complete("alice", instance, "repair-code", "{}");
    complete("bob", instance, "approve-release", "{\"variables\":{\"approved\":{\"value\":false,\"type\":\"Boolean\"}}}");
    complete("alice", instance, "repair-code", "{}");
    complete("bob", instance, "approve-release", "{\"variables\":{\"approved\":{\"value\":true,\"type\":\"Boolean\"}}}");
    pay(instance);
    assertEquals("COMPLETED", end(instance).get("state").asText());
    assertEquals(List.of("service-requested", "review-requirements", "generate-service", "generation-failed",
        "repair-code", "code-ready", "approve-release", "approved", "repair-code", "code-ready", "approve-release",
        "approved", "await-payment", "deploy-service", "service-delivered"), activities(instance));
  }

  /** Plays the agent: ends the instance's external task. */
  private void generate(String instance, String how, String more) throws Exception {
    String locked = ok(send("gateway:service", "POST", "/external-task/fetchAndLock",
        "{\"workerId\":\"test\",\"maxTasks\":1,\"topics\":[{\"topicName\":\"generate-service\","
            + "\"processInstanceId\":\"" + instance + "\",\"lockDuration\":30000}]}")).get(0).get("id").asText();
    String body = "{\"workerId\":\"test\"" + more + "}";
    assertEquals(204, send("gateway:service", "POST", "/external-task/" + locked + "/" + how, body).statusCode());
  }

  private void pay(String instance) throws Exception {
    String body = "{\"messageName\":\"payment-confirmed\",\"processInstanceId\":\"" + instance + "\"}";
    assertEquals(204, send("gateway:service", "POST", "/message", body).statusCode());
  }

  private String start(String serviceName) throws Exception {
    return ok(send("alice:people", "POST", "/process-definition/key/microservice-delivery/start",
        "{\"businessKey\":\"e1\",\"variables\":{\"serviceName\":{\"value\":\"" + serviceName + "\"}}}")).get("id").asText();
  }

  private void complete(String user, String instance, String taskDefinitionKey, String body) throws Exception {
    String query = "/task?processInstanceId=" + instance + "&taskDefinitionKey=" + taskDefinitionKey;
    // The agent's part is asynchronous, and a second round has a second task of the same name.
    JsonNode tasks = ok(send("gateway:service", "GET", query, null));
    String task = tasks.size() == 1
        ? tasks.get(0).get("id").asText()
        : GATEWAY.await(taskDefinitionKey, e -> e.path("taskDefinitionKey").asText().equals(taskDefinitionKey)
            && e.path("event").asText().equals("create")
            && e.path("processInstanceId").asText().equals(instance)).get("id").asText();
    assertTrue(send(user + ":people", "POST", "/task/" + task + "/complete", body).statusCode() < 300);
  }

  private static JsonNode end(String instance) throws InterruptedException {
    return GATEWAY.await("the end", e -> e.path("kind").asText().equals("process")
        && e.path("event").asText().equals("end") && e.path("id").asText().equals(instance));
  }

  private static List<String> activities(String instance) {
    return GATEWAY.of(instance).stream()
        .filter(e -> e.get("kind").asText().equals("activity") && e.get("event").asText().equals("start"))
        .map(e -> e.get("activityId").asText())
        .toList();
  }

  private static JsonNode ok(HttpResponse<String> response) throws IOException {
    assertEquals(200, response.statusCode(), response.body());
    return JSON.readTree(response.body());
  }

  private HttpResponse<String> send(String credentials, String method, String path, String body) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/engine-rest" + path))
        .header("Content-Type", "application/json")
        .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
    if (!credentials.isEmpty()) {
      request.header("Authorization",
          "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
