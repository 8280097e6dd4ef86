package com.netbuild.realtime.engine;

import com.netbuild.realtime.engine.history.VariableNames;
import java.time.Duration;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;

/** The properties of {@link CamundaWebSocketPlugin}, as bean setters, so that every way to configure an engine works. */
public abstract class PluginProperties extends AbstractProcessEnginePlugin {

  private boolean enabled = true;
  private String gatewayUrl;
  private String publishKey;
  private String engineName;
  private boolean createTable = true;
  private int batchCommands = 200;
  private int batchBytes = 4 * 1024 * 1024;
  private int connectTimeoutMs = 5_000;
  private int requestTimeoutMs = 30_000;
  private int pollIntervalMs = 1_000;
  private int closeTimeoutMs = 2_000;
  private int leaseMs = 5_000;
  private String variables;

  PluginSettings settings(String nameOfTheEngine) {
    return new PluginSettings(
        PluginSettings.endpoint(gatewayUrl),
        PluginSettings.publishKey(publishKey),
        engineName == null || engineName.isBlank() ? nameOfTheEngine : engineName,
        PluginSettings.positive("batchCommands", batchCommands),
        PluginSettings.positive("batchBytes", batchBytes),
        Duration.ofMillis(PluginSettings.positive("connectTimeoutMs", connectTimeoutMs)),
        Duration.ofMillis(PluginSettings.positive("requestTimeoutMs", requestTimeoutMs)),
        Duration.ofMillis(PluginSettings.positive("pollIntervalMs", pollIntervalMs)),
        Duration.ofMillis(PluginSettings.positive("closeTimeoutMs", closeTimeoutMs)),
        Duration.ofMillis(PluginSettings.positive("leaseMs", leaseMs)),
        new VariableNames(variables));
  }

  public boolean isEnabled() {
    return enabled;
  }

  /** False leaves the engine as if the plugin were not there; its table and rows stay. Default true. */
  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  /** The gateway's base URL, such as {@code https://realtime.example.com}. No default: the engine won't start without. */
  public void setGatewayUrl(String gatewayUrl) {
    this.gatewayUrl = gatewayUrl;
  }

  /** The gateway's {@code PUBLISH_KEY}; sent as a bearer token, never logged. No default. */
  public void setPublishKey(String publishKey) {
    this.publishKey = publishKey;
  }

  /** What the gateway calls this engine. Default: the engine's own name, which is {@code default} unless set. */
  public void setEngineName(String engineName) {
    this.engineName = engineName;
  }

  public boolean isCreateTable() {
    return createTable;
  }

  /** Whether the plugin creates its tables where they are missing. False for an account without DDL rights. Default true. */
  public void setCreateTable(boolean createTable) {
    this.createTable = createTable;
  }

  /** The most commands (transactions of the engine) in one POST. Default 200. */
  public void setBatchCommands(int batchCommands) {
    this.batchCommands = batchCommands;
  }

  /** The most bytes of events in one POST; a single larger command goes alone. Default 4 MiB. */
  public void setBatchBytes(int batchBytes) {
    this.batchBytes = batchBytes;
  }

  /** Milliseconds until a connection to the gateway must stand. Default 5000. */
  public void setConnectTimeoutMs(int connectTimeoutMs) {
    this.connectTimeoutMs = connectTimeoutMs;
  }

  /** Milliseconds until the gateway must have answered; the same is sent again after. Default 30000. */
  public void setRequestTimeoutMs(int requestTimeoutMs) {
    this.requestTimeoutMs = requestTimeoutMs;
  }

  /** Milliseconds between looks for rows of which no commit told (of a run before). Default 1000. */
  public void setPollIntervalMs(int pollIntervalMs) {
    this.pollIntervalMs = pollIntervalMs;
  }

  /** Milliseconds for which the engine's close waits for a POST under way. Default 2000. */
  public void setCloseTimeoutMs(int closeTimeoutMs) {
    this.closeTimeoutMs = closeTimeoutMs;
  }

  /**
   * Milliseconds for which a node of the engine remains the one that sends, without a sign of life. Another node takes
   * over after that when it was killed, or stood still. Default 5000.
   */
  public void setLeaseMs(int leaseMs) {
    this.leaseMs = leaseMs;
  }

  /**
   * Names of variables that are copied, separated by commas: exact ones, or beginnings with a {@code *} at the end.
   * Everybody who sees the instance or the task will see them. Default: none.
   */
  public void setVariables(String variables) {
    this.variables = variables;
  }
}
