package com.netbuild.realtime.engine;

import com.netbuild.realtime.engine.history.ApprovalParseListener;
import com.netbuild.realtime.engine.history.CopyingHistoryEventHandler;
import com.netbuild.realtime.engine.history.HistoryLevelCheck;
import com.netbuild.realtime.engine.history.ReportingIncidentHandler;
import com.netbuild.realtime.engine.outbox.Database;
import com.netbuild.realtime.engine.outbox.LeaseRow;
import com.netbuild.realtime.engine.outbox.OutboxSchema;
import com.netbuild.realtime.engine.outbox.OutboxSessionFactory;
import com.netbuild.realtime.engine.outbox.OutboxStore;
import com.netbuild.realtime.engine.relay.CommitClock;
import com.netbuild.realtime.engine.relay.GatewayClient;
import com.netbuild.realtime.engine.relay.Relay;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.bpmn.parser.BpmnParseListener;
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
  private Database database;
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
    factories.add(new OutboxSessionFactory(commitClock, settings.variables()));
    configuration.setCustomSessionFactories(factories);

    List<BpmnParseListener> listeners = new ArrayList<>();
    if (configuration.getCustomPostBPMNParseListeners() != null) {
      listeners.addAll(configuration.getCustomPostBPMNParseListeners());
    }
    listeners.add(new ApprovalParseListener());
    configuration.setCustomPostBPMNParseListeners(listeners);
  }

  @Override
  public void postInit(ProcessEngineConfigurationImpl configuration) {
    if (!isEnabled()) {
      return;
    }
    database = Database.of(configuration.getDatabaseType());

    // After the engine's own handler: before it, ids and start times are not filled in yet.
    configuration.setHistoryEventHandler(new CompositeHistoryEventHandler(
        configuration.getHistoryEventHandler(), new CopyingHistoryEventHandler()));
    ReportingIncidentHandler.addTo(configuration);
    configuration.setCommandExecutorSchemaOperations(
        new EngineCloseHook(configuration.getCommandExecutorSchemaOperations(), this::isRelaying, this::close));
  }

  @Override
  public void postProcessEngineBuild(ProcessEngine processEngine) {
    if (!isEnabled()) {
      return;
    }
    HistoryLevelCheck.warnOfWhatIsMissing(configuration.getHistoryLevel(), settings.variables());
    DataSource dataSource = configuration.getDataSource();
    String prefix = configuration.getDatabaseTablePrefix();
    new OutboxSchema(dataSource, database, prefix).createIfMissing(isCreateTable());

    String node = UUID.randomUUID().toString();
    relay = new Relay(
        settings,
        new OutboxStore(dataSource, database, prefix, node),
        new LeaseRow(dataSource, database, prefix, node, settings.leaseTerm()),
        new GatewayClient(settings),
        commitClock,
        node);
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
