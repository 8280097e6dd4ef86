package com.netbuild.realtime.engine.support;

import com.netbuild.realtime.engine.CamundaWebSocketPlugin;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.cfg.ProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.StandaloneInMemProcessEngineConfiguration;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;

/** A real engine with the plugin. Its job executor is off: a test runs a job when it wants to. */
public final class TestEngine implements AutoCloseable {

  private static final Logger QUIET = Logger.getLogger("org.camunda");
  private static final Logger QUIET_DRIVER = Logger.getLogger("org.mariadb.jdbc");

  static {
    QUIET.setLevel(Level.OFF);
    QUIET_DRIVER.setLevel(Level.OFF);
  }

  public final ProcessEngine engine;
  public final CamundaWebSocketPlugin plugin;

  private TestEngine(ProcessEngine engine, CamundaWebSocketPlugin plugin) {
    this.engine = engine;
    this.plugin = plugin;
  }

  /** What a test may change before the engine is built. */
  public static final class Setup {
    public String jdbcUrl = TestDatabase.H2.url();
    public String history = "full";
    public final CamundaWebSocketPlugin plugin = new CamundaWebSocketPlugin();
    public final List<ProcessEnginePlugin> morePlugins = new ArrayList<>();
    public Consumer<ProcessEngineConfigurationImpl> configuration = configuration -> {};
  }

  public static TestEngine on(FakeGateway gateway) {
    return on(gateway, setup -> {});
  }

  /** On a database of which all tests of a server share one: what an earlier one left to be sent is gone. */
  public static TestEngine on(FakeGateway gateway, TestDatabase database, Consumer<Setup> change) {
    String url = database.url();
    empty(url);
    return on(gateway, setup -> {
      setup.jdbcUrl = url;
      change.accept(setup);
    });
  }

  public static TestEngine on(FakeGateway gateway, TestDatabase database) {
    return on(gateway, database, setup -> {});
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
    boolean isH2 = setup.jdbcUrl.startsWith("jdbc:h2:");
    configuration.setJdbcUrl(setup.jdbcUrl + (setup.jdbcUrl.contains(":mem:") ? ";DB_CLOSE_DELAY=-1" : ""));
    configuration.setJdbcDriver(isH2 ? "org.h2.Driver"
        : setup.jdbcUrl.startsWith("jdbc:mariadb:") ? "org.mariadb.jdbc.Driver" : "org.postgresql.Driver");
    if (!isH2) {
      configuration.setJdbcUsername(parameter(setup.jdbcUrl, "user"));
      configuration.setJdbcPassword(parameter(setup.jdbcUrl, "password"));
    }
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

  private static String parameter(String url, String name) {
    Matcher value = Pattern.compile("[?&]" + name + "=([^&]*)").matcher(url);
    return value.find() ? value.group(1) : null;
  }

  public TestEngine deploy(BpmnModelInstance model) {
    engine.getRepositoryService().createDeployment().addModelInstance("model.bpmn", model).deploy();
    return this;
  }

  public String start(String key) {
    while (true) {
      try {
        return engine.getRuntimeService().startProcessInstanceByKey(key).getId();
      } catch (OptimisticLockingException e) {
        // Two nodes have asked the table of ids for a block at once; nothing was started, and who lost asks again.
      }
    }
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
    await("rows: " + count + ", of which there were " + rows(), () -> rows() == count);
  }

  /** A condition that may fail to be asked. */
  public interface Condition {
    boolean isMet() throws Exception;
  }

  public static void await(String what, Condition condition) {
    long until = System.nanoTime() + 30_000_000_000L;
    try {
      while (!condition.isMet()) {
        if (System.nanoTime() > until) {
          throw new AssertionError("not within 30 s: " + what);
        }
        Thread.sleep(2);
      }
    } catch (Exception e) {
      throw new AssertionError(what, e);
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

  /** Runs a statement, and tells how many rows it changed. */
  public int run(String statement) {
    try (Connection connection = dataSource(); Statement sql = connection.createStatement()) {
      return sql.executeUpdate(statement);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Takes away what an earlier test left to be sent. */
  public static void empty(String url) {
    try (Connection connection = DriverManager.getConnection(url); Statement sql = connection.createStatement()) {
      sql.executeUpdate("delete from NETBUILD_OUTBOX");
      sql.executeUpdate("delete from NETBUILD_RELAY");
    } catch (SQLException notThereYet) {
      // The first engine makes the tables.
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
