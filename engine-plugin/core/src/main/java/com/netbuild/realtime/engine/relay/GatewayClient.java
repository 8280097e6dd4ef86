package com.netbuild.realtime.engine.relay;

import com.netbuild.realtime.engine.PluginSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;

/**
 * Posts to the gateway over one kept connection, on the thread that calls. Redirects are not followed: the key would go
 * with them.
 */
public final class GatewayClient {

  private static final Pattern EPOCH = Pattern.compile("\"epoch\"\\s*:\\s*\"([^\"\\\\]*)\"");
  private static final Pattern REBUILDING = Pattern.compile("\"rebuilding\"\\s*:\\s*true");
  // A token is opaque, but of the characters that need no escape.
  private static final Pattern ASK = Pattern.compile("\"ask\"\\s*:\\s*\"([^\"\\\\]{1,64})\"");
  private static final Pattern CODE = Pattern.compile("\"code\"\\s*:\\s*\"([^\"\\\\]*)\"");
  private static final Pattern SETTLE = Pattern.compile("\"settle\"\\s*:\\s*(\\d{1,18})");

  /**
   * Is asked for a password in place of a user at a window, or of what the application has for other servers. One for
   * all, since a connection is kept for the same one only.
   */
  private static final Authenticator NOBODY = new Authenticator() {};

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
  private static final int LONGEST_ANSWER = 1 << 20;

  private final PluginSettings settings;
  private final ScheduledExecutorService pulses;
  private volatile HttpURLConnection underWay;
  private volatile boolean cancelled;

  public GatewayClient(PluginSettings settings) {
    this.settings = settings;
    this.pulses = Executors.newSingleThreadScheduledExecutor(beat -> {
      Thread thread = new Thread(beat, "netbuild-realtime-pulse-" + settings.engineName());
      thread.setDaemon(true);
      return thread;
    });
  }

  private record Answer(int status, String body) {}

  Acknowledgement post(String body, Pulse pulse) throws Exception {
    Answer answer = send(body, pulse);
    if (answer.status() != 200) {
      Matcher code = CODE.matcher(answer.body());
      throw new GatewayException(
          answer.status(), code.find() ? code.group(1) : null, reason(answer.status()), null);
    }
    // A proxy's friendly page is a 200 as well; rows are deleted for the gateway's own word alone.
    Matcher epoch = EPOCH.matcher(answer.body());
    if (!epoch.find()) {
      throw new GatewayException(200, null, "it answered 200 without an epoch, so it is no gateway", null);
    }
    Matcher settle = SETTLE.matcher(answer.body());
    Matcher ask = ASK.matcher(answer.body());
    return new Acknowledgement(epoch.group(1), settle.find() ? Long.parseLong(settle.group(1)) : 0,
        REBUILDING.matcher(answer.body()).find(), ask.find() ? ask.group(1) : null);
  }

  /** Ends the POST that is under way, and each later one. Its rows stay. */
  void cancel() {
    cancelled = true;
    HttpURLConnection sending = underWay;
    if (sending != null) {
      sending.disconnect();
    }
  }

  /** To be called when nothing is posted any more. */
  void close() {
    pulses.shutdown();
  }

  private Answer send(String body, Pulse pulse) throws Exception {
    long until = System.nanoTime() + settings.requestTimeout().toNanos();
    HttpURLConnection connection = connection();
    AtomicReference<Exception> refused = new AtomicReference<>();
    ScheduledFuture<?> beats = pulses.scheduleWithFixedDelay(() -> {
      try {
        // A read timeout bounds neither what is sent to who does not read, nor an answer that comes in drops.
        if (System.nanoTime() - until >= 0) {
          throw new GatewayException(0, null, "it did not end in time", null);
        }
        pulse.beat();
      } catch (Exception e) {
        refused.compareAndSet(null, e);
        connection.disconnect();
      }
    }, BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    underWay = connection;
    try {
      if (cancelled) {
        throw new IOException("cancelled");
      }
      try (OutputStream out = connection.getOutputStream()) {
        out.write(body.getBytes(StandardCharsets.UTF_8));
      }
      int status = connection.getResponseCode();
      InputStream answer = status < 400 ? connection.getInputStream() : connection.getErrorStream();
      return new Answer(status, answer == null ? "" : text(answer));
    } catch (IOException | RuntimeException e) {
      // What another thread disconnects while it sends fails with the JDK's own NullPointerException.
      connection.disconnect();
      if (refused.get() != null) {
        throw refused.get();
      }
      String reason = cancelled ? "the engine is closing"
          : e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
      throw new GatewayException(0, null, reason, e);
    } finally {
      underWay = null;
      beats.cancel(false);
    }
  }

  private HttpURLConnection connection() throws IOException, NoSuchAlgorithmException {
    // Not java.net.http: its selector and its pool of threads cost three times what all else here does for a POST.
    HttpURLConnection connection = (HttpURLConnection) settings.endpoint().toURL().openConnection();
    if (connection instanceof HttpsURLConnection https) {
      // The application may have replaced the defaults by some that trust everybody.
      https.setSSLSocketFactory(SSLContext.getDefault().getSocketFactory());
      https.setHostnameVerifier((host, session) -> false);
    }
    connection.setConnectTimeout((int) settings.connectTimeout().toMillis());
    connection.setReadTimeout((int) settings.requestTimeout().toMillis());
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setAuthenticator(NOBODY);
    connection.setDoOutput(true);
    connection.setRequestMethod("POST");
    connection.setRequestProperty("Authorization", "Bearer " + settings.publishKey());
    connection.setRequestProperty("Content-Type", "application/json");
    return connection;
  }

  /** The whole answer, since only then the connection is kept; but not without a bound. */
  private static String text(InputStream answer) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream(256);
    byte[] buffer = new byte[4096];
    try (answer) {
      for (int read; (read = answer.read(buffer)) >= 0; ) {
        text.write(buffer, 0, read);
        if (text.size() > LONGEST_ANSWER) {
          throw new IOException("its answer is longer than any of a gateway's");
        }
      }
    }
    return text.toString(StandardCharsets.UTF_8);
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
