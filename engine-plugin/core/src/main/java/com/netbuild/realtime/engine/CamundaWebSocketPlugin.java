package com.netbuild.realtime.engine;

import com.netbuild.realtime.engine.history.CopyingHistoryEventHandler;
import com.netbuild.realtime.engine.history.HistoryLevelCheck;
import com.netbuild.realtime.engine.outbox.OutboxMapper;
import com.netbuild.realtime.engine.outbox.OutboxSchema;
import com.netbuild.realtime.engine.outbox.OutboxSessionFactory;
import com.netbuild.realtime.engine.outbox.OutboxStore;
import com.netbuild.realtime.engine.relay.CommitClock;
import com.netbuild.realtime.engine.relay.GatewayClient;
import com.netbuild.realtime.engine.relay.Relay;
import java.util.ArrayList;
import java.util.List;
import org.apache.ibatis.session.Configuration;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.history.handler.CompositeHistoryEventHandler;
import org.camunda.bpm.engine.impl.interceptor.SessionFactory;

/**
 * Sends what happens in a process engine to a NetBuild Realtime gateway: after the commit, in order, and without
 * losing a thing while the gateway is away.
 *
 * <p>The events of a command are written to a table of the plugin's own in the engine's transaction; a background
 * thread posts them once they are committed and deletes what the gateway has made durable. The engine's own threads
 * never wait for the gateway.
 *
 * <p>One instance serves one engine. {@link PluginProperties} lists what can be set; {@code gatewayUrl} and
 * {@code publishKey} must be.
 */
public class CamundaWebSocketPlugin extends PluginProperties implements AutoCloseable {

  private PluginSettings settings;
  private CommitClock commitClock;
  private ProcessEngineConfigurationImpl configuration;
  private volatile Relay relay;

  @Override
  public void preInit(ProcessEngineConfigurationImpl configuration) {
    if (!isEnabled()) {
      return;
    }
    if (this.configuration != null) {
      throw new ProcessEngineException(
          "NetBuild Realtime: one plugin instance serves one engine; give each engine an instance of its own.");
    }
    settings = settings(configuration.getProcessEngineName());
    this.configuration = configuration;
    commitClock = new CommitClock();

    List<SessionFactory> factories = new ArrayList<>();
    if (configuration.getCustomSessionFactories() != null) {
      factories.addAll(configuration.getCustomSessionFactories());
    }
    factories.add(new OutboxSessionFactory(commitClock));
    configuration.setCustomSessionFactories(factories);
  }

  @Override
  public void postInit(ProcessEngineConfigurationImpl configuration) {
    if (!isEnabled()) {
      return;
    }
    OutboxSchema.requireSupported(configuration.getDatabaseType());

    Configuration mappings = configuration.getSqlSessionFactory().getConfiguration();
    if (!mappings.hasMapper(OutboxMapper.class)) {
      mappings.addMapper(OutboxMapper.class);
    }
    // After the engine's own handler: before it, ids and start times are not filled in yet.
    configuration.setHistoryEventHandler(new CompositeHistoryEventHandler(
        configuration.getHistoryEventHandler(), new CopyingHistoryEventHandler()));
    configuration.setCommandExecutorSchemaOperations(
        new EngineCloseHook(configuration.getCommandExecutorSchemaOperations(), this::isRelaying, this::close));
  }

  @Override
  public void postProcessEngineBuild(ProcessEngine processEngine) {
    if (!isEnabled()) {
      return;
    }
    HistoryLevelCheck.warnOfWhatIsMissing(configuration.getHistoryLevel());
    new OutboxSchema(configuration).createIfMissing(isCreateTable());

    relay = new Relay(
        settings,
        new OutboxStore(configuration.getDataSource(), configuration.getDatabaseTablePrefix()),
        new GatewayClient(settings),
        commitClock);
    relay.start();
  }

  private boolean isRelaying() {
    return relay != null;
  }

  /**
   * Stops the relay; called by the engine's own close, and harmless when called again. What was not acknowledged
   * stays in the table and is sent after the next start.
   */
  @Override
  public void close() {
    Relay running = relay;
    if (running != null) {
      running.stop();
    }
  }
}
