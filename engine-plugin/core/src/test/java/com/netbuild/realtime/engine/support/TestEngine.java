package com.netbuild.realtime.engine.support;

import com.netbuild.realtime.engine.CamundaWebSocketPlugin;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cfg.ProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.StandaloneInMemProcessEngineConfiguration;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;

/** A real engine with the plugin. Its job executor is off: a test runs a job when it wants to. */
public final class TestEngine implements AutoCloseable {

  private static final Logger QUIET = Logger.getLogger("org.camunda");

  static {
    QUIET.setLevel(Level.OFF);
  }

  public final ProcessEngine engine;
  public final CamundaWebSocketPlugin plugin;

  private TestEngine(ProcessEngine engine, CamundaWebSocketPlugin plugin) {
    this.engine = engine;
    this.plugin = plugin;
  }

  /** What a test may change before the engine is built. */
  public static final class Setup {
    public String jdbcUrl = "jdbc:h2:mem:" + UUID.randomUUID();
    public String history = "full";
    public final CamundaWebSocketPlugin plugin = new CamundaWebSocketPlugin();
    public final List<ProcessEnginePlugin> morePlugins = new ArrayList<>();
    public Consumer<ProcessEngineConfigurationImpl> configuration = configuration -> {};
  }

  public static TestEngine on(FakeGateway gateway) {
    return on(gateway, setup -> {});
  }

  public static TestEngine on(FakeGateway gateway, Consumer<Setup> change) {
    return build(setup -> {
      setup.plugin.setGatewayUrl(gateway.url());
      setup.plugin.setPublishKey(FakeGateway.KEY);
      change.accept(setup);
    });
  }

  public static TestEngine build(Consumer<Setup> change) {
    Setup setup = new Setup();
    change.accept(setup);
    StandaloneInMemProcessEngineConfiguration configuration = new StandaloneInMemProcessEngineConfiguration();
    configuration.setProcessEngineName("engine-" + UUID.randomUUID());
    configuration.setJdbcUrl(setup.jdbcUrl + (setup.jdbcUrl.contains(":mem:") ? ";DB_CLOSE_DELAY=-1" : ""));
    configuration.setDatabaseSchemaUpdate("true");
    configuration.setHistory(setup.history);
    configuration.setJobExecutorActivate(false);
    configuration.setEnforceHistoryTimeToLive(false);
    configuration.setMetricsEnabled(false);
    configuration.getProcessEnginePlugins().add(setup.plugin);
    configuration.getProcessEnginePlugins().addAll(setup.morePlugins);
    setup.configuration.accept(configuration);
    return new TestEngine(configuration.buildProcessEngine(), setup.plugin);
  }

  public TestEngine deploy(BpmnModelInstance model) {
    engine.getRepositoryService().createDeployment().addModelInstance("model.bpmn", model).deploy();
    return this;
  }

  public String start(String key) {
    return engine.getRuntimeService().startProcessInstanceByKey(key).getId();
  }

  public void completeTaskOf(String processInstanceId) {
    engine.getTaskService().complete(taskOf(processInstanceId));
  }

  public String taskOf(String processInstanceId) {
    return engine.getTaskService().createTaskQuery().processInstanceId(processInstanceId).singleResult().getId();
  }

  /** The outbox's rows that wait. */
  public int rows() {
    return (int) number("select count(*) from NETBUILD_OUTBOX");
  }

  public void awaitRows(int count) {
    long until = System.nanoTime() + 20_000_000_000L;
    while (rows() != count) {
      if (System.nanoTime() > until) {
        throw new AssertionError("rows after 20 s: " + rows() + " instead of " + count);
      }
      Thread.onSpinWait();
      Thread.yield();
    }
  }

  public long number(String query) {
    try (Connection connection = dataSource();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private Connection dataSource() throws SQLException {
    return engine.getProcessEngineConfiguration().getDataSource().getConnection();
  }

  @Override
  public void close() {
    engine.close();
  }
}
