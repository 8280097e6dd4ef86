package com.netbuild.realtime.engine;

import com.netbuild.realtime.engine.history.VariableNames;
import java.net.URI;
import java.time.Duration;

/**
 * The plugin's properties after they were checked. Made once, at the engine's start.
 *
 * @param endpoint       where the relay posts: {@code gatewayUrl} + {@code /v1/engine}
 * @param publishKey     the gateway's key of publishers
 * @param engineName     how the gateway knows this engine
 * @param batchCommands  the most commands in one POST
 * @param batchBytes     the most bytes of events in one POST; a single larger command still goes, alone
 * @param connectTimeout until the connection stands
 * @param requestTimeout until the whole answer is here
 * @param pollInterval   how often the relay looks without having been woken
 * @param closeTimeout   how long the engine's close waits for the POST that is under way
 * @param leaseTerm      how long a node is the one that sends without a sign of life
 * @param variables      which variables are copied
 */
public record PluginSettings(
    URI endpoint,
    String publishKey,
    String engineName,
    int batchCommands,
    int batchBytes,
    Duration connectTimeout,
    Duration requestTimeout,
    Duration pollInterval,
    Duration closeTimeout,
    Duration leaseTerm,
    VariableNames variables) {

  static URI endpoint(String gatewayUrl) {
    String url = required("gatewayUrl", gatewayUrl);
    URI uri;
    try {
      uri = URI.create(url.replaceAll("/+$", "") + "/v1/engine");
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("NetBuild Realtime: the property gatewayUrl is no URL: " + url, e);
    }
    boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
    if (!http || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "NetBuild Realtime: the property gatewayUrl must be an http:// or https:// URL with a host, but is " + url);
    }
    return uri;
  }

  static String publishKey(String publishKey) {
    String key = required("publishKey", publishKey);
    // The HTTP client would refuse such a key at each POST, with the key in its message.
    if (!key.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IllegalArgumentException(
          "NetBuild Realtime: the property publishKey may hold visible ASCII characters only, without spaces.");
    }
    return key;
  }

  static int positive(String property, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(
          "NetBuild Realtime: the property " + property + " must be greater than 0, but is " + value + ".");
    }
    return value;
  }

  private static String required(String property, String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException("NetBuild Realtime: the property " + property
          + " is missing. Set it, or switch the plugin off with enabled=false.");
    }
    return value.trim();
  }

  @Override
  public String toString() {
    return "PluginSettings[endpoint=" + endpoint + ", engineName=" + engineName + "]";
  }
}
