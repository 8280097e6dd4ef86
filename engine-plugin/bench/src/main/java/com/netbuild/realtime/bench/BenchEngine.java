package com.netbuild.realtime.bench;

import com.netbuild.realtime.engine.CamundaWebSocketPlugin;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.ibatis.datasource.pooled.PooledDataSource;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.impl.cfg.StandaloneProcessEngineConfiguration;

/** One engine of the measurement, on a database of its own. Its job executor is off: the load has no jobs. */
final class BenchEngine implements AutoCloseable {

  private static final int CONNECTIONS = 8;

  private final String side;
  private final ProcessEngine engine;
  private final CountingDataSource dataSource;
  private final boolean hasPlugin;
  private final boolean hasWal;

  private BenchEngine(String side, ProcessEngine engine, CountingDataSource dataSource, boolean hasPlugin,
      boolean hasWal) {
    this.side = side;
    this.engine = engine;
    this.dataSource = dataSource;
    this.hasPlugin = hasPlugin;
    this.hasWal = hasWal;
  }

  /** @param server where to make a database for it */
  static BenchEngine open(String side, String server) throws SQLException {
    boolean isPostgres = server.startsWith("jdbc:postgresql:");
    String user = System.getProperty("user");
    String password = System.getProperty("password");
    String database = "bench_" + side;
    if (isPostgres) {
      try (Connection connection = DriverManager.getConnection(server, user, password);
          Statement statement = connection.createStatement()) {
        statement.execute("create database " + database);
      }
    }
    // H2 makes one where there is none.
    String jdbcUrl = server.substring(0, server.lastIndexOf('/') + 1) + database;
    PooledDataSource pool =
        new PooledDataSource(isPostgres ? "org.postgresql.Driver" : "org.h2.Driver", jdbcUrl, user, password);
    pool.setPoolMaximumActiveConnections(CONNECTIONS);
    pool.setPoolMaximumIdleConnections(CONNECTIONS);
    CountingDataSource dataSource = new CountingDataSource(pool);
    StandaloneProcessEngineConfiguration configuration = new StandaloneProcessEngineConfiguration();
    configuration.setProcessEngineName(side);
    configuration.setDataSource(dataSource);
    configuration.setDatabaseSchemaUpdate("true");
    configuration.setHistory("full");
    configuration.setJobExecutorActivate(false);
    configuration.setEnforceHistoryTimeToLive(false);
    configuration.setMetricsEnabled(false);
    boolean hasPlugin = side.equals("with");
    if (hasPlugin) {
      CamundaWebSocketPlugin plugin = new CamundaWebSocketPlugin();
      plugin.setGatewayUrl(System.getProperty("gatewayUrl"));
      plugin.setPublishKey(System.getProperty("publishKey"));
      configuration.getProcessEnginePlugins().add(plugin);
    }
    ProcessEngine engine = configuration.buildProcessEngine();
    engine.getRepositoryService().createDeployment().addModelInstance("order.bpmn", Load.model()).deploy();
    return new BenchEngine(side, engine, dataSource, hasPlugin, isPostgres);
  }

  String side() {
    return side;
  }

  ProcessEngine engine() {
    return engine;
  }

  /** From now on the statements of the load's own threads are counted; that costs time. */
  void count(boolean isOn) {
    dataSource.count(isOn);
  }

  long statements() {
    return dataSource.statements();
  }

  /** Waits until the relay has brought everything away: that is work of the turn that made it. */
  void settle() throws SQLException {
    while (hasPlugin && number("select count(*) from NETBUILD_OUTBOX") > 0) {
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Where the database's log ends, in bytes; of the whole server, on which nothing else may happen. 0 where it has none. */
  long wal() throws SQLException {
    return hasWal ? number("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint") : 0;
  }

  private long number(String query) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
