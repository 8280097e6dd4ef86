package com.netbuild.realtime.engine.relay;

import com.netbuild.realtime.engine.PluginSettings;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Posts to the gateway over one kept connection. Redirects are not followed: the key would go with them. */
public final class GatewayClient {

  private static final Pattern EPOCH = Pattern.compile("\"epoch\"\\s*:\\s*\"([^\"\\\\]*)\"");
  private static final Pattern REBUILDING = Pattern.compile("\"rebuilding\"\\s*:\\s*true");
  // A token is opaque, but of the characters that need no escape.
  private static final Pattern ASK = Pattern.compile("\"ask\"\\s*:\\s*\"([^\"\\\\]{1,64})\"");
  private static final Pattern CODE = Pattern.compile("\"code\"\\s*:\\s*\"([^\"\\\\]*)\"");
  private static final Pattern SETTLE = Pattern.compile("\"settle\"\\s*:\\s*(\\d{1,18})");

  /**
   * The gateway's acknowledgement: all that was posted is durable.
   *
   * @param epoch      the life of the gateway's storage in which it is
   * @param settle     milliseconds for which that life may still be lost, and what it has with it; 0 for never
   * @param rebuilding whether the gateway waits for this engine's word that all it keeps is in that life
   * @param ask        a token, where it waits for the word that all is in its log that was committed before; or null
   */
  record Acknowledgement(String epoch, long settle, boolean rebuilding, String ask) {}

  /** What is done again and again while an answer is waited for, so that a slow gateway does not cost the lease. */
  interface Pulse {
    void beat() throws Exception;
  }

  private static final long BEAT_MILLIS = 500;

  private final PluginSettings settings;
  private final HttpClient http;
  private volatile CompletableFuture<HttpResponse<String>> underWay;
  private volatile boolean cancelled;

  public GatewayClient(PluginSettings settings) {
    this.settings = settings;
    // HTTP/1.1: the upgrade that HTTP/2 tries first over plain http costs a round trip and confuses proxies.
    this.http = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(settings.connectTimeout())
        .build();
  }

  Acknowledgement post(String body, Pulse pulse) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(settings.endpoint())
        .timeout(settings.requestTimeout())
        .header("Authorization", "Bearer " + settings.publishKey())
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
    HttpResponse<String> response = send(request, pulse);
    if (response.statusCode() != 200) {
      Matcher code = CODE.matcher(response.body());
      throw new GatewayException(
          response.statusCode(), code.find() ? code.group(1) : null, reason(response.statusCode()), null);
    }
    // A proxy's friendly page is a 200 as well; rows are deleted for the gateway's own word alone.
    Matcher epoch = EPOCH.matcher(response.body());
    if (!epoch.find()) {
      throw new GatewayException(200, null, "it answered 200 without an epoch, so it is no gateway", null);
    }
    Matcher settle = SETTLE.matcher(response.body());
    Matcher ask = ASK.matcher(response.body());
    return new Acknowledgement(epoch.group(1), settle.find() ? Long.parseLong(settle.group(1)) : 0,
        REBUILDING.matcher(response.body()).find(), ask.find() ? ask.group(1) : null);
  }

  /** Ends the POST that is under way, and each later one. Its rows stay. */
  void cancel() {
    cancelled = true;
    CompletableFuture<HttpResponse<String>> sending = underWay;
    if (sending != null) {
      sending.cancel(true);
    }
  }

  private HttpResponse<String> send(HttpRequest request, Pulse pulse) throws Exception {
    CompletableFuture<HttpResponse<String>> sending = http.sendAsync(request, BodyHandlers.ofString());
    underWay = sending;
    if (cancelled) {
      sending.cancel(true);
    }
    // The request's own timeout ends with the headers; this one includes the body.
    long until = System.nanoTime() + settings.requestTimeout().plusSeconds(1).toNanos();
    try {
      while (true) {
        try {
          return sending.get(BEAT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          if (System.nanoTime() - until >= 0) {
            throw new GatewayException(0, null, "its answer did not end in time", e);
          }
          pulse.beat();
        }
      }
    } catch (CancellationException e) {
      throw new GatewayException(0, null, "the engine is closing", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new GatewayException(0, null, cause.getClass().getSimpleName()
          + (cause.getMessage() == null ? "" : ": " + cause.getMessage()), cause);
    } finally {
      // Whoever leaves without an answer must not be followed by one that nobody hears.
      sending.cancel(true);
      underWay = null;
    }
  }

  private static String reason(int status) {
    return switch (status) {
      case 401, 403 -> "it refused the publishKey (HTTP " + status + ")";
      case 413 -> "the message is too large for it (HTTP 413)";
      case 400 -> "it says that the message is not as it has to be (HTTP 400)";
      default -> "it answered HTTP " + status;
    };
  }
}
