package com.netbuild.realtime.engine.outbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.camunda.bpm.engine.ProcessEngineException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plugin's two tables: one DDL file a database, run on a connection of its own. */
public final class OutboxSchema {

  private static final Logger LOG = LoggerFactory.getLogger(OutboxSchema.class);

  private final DataSource dataSource;
  private final Database database;
  private final String prefix;

  public OutboxSchema(DataSource dataSource, Database database, String tablePrefix) {
    this.dataSource = dataSource;
    this.database = database;
    this.prefix = tablePrefix == null ? "" : tablePrefix;
  }

  /** Creates what is missing. With {@code mayCreate} false a missing table is an error that shows the DDL. */
  public void createIfMissing(boolean mayCreate) {
    if (!database.isRun()) {
      LOG.warn("NetBuild Realtime was never run on {}; its tests run on {}.", database, String.join(", ", Database.run()));
    }
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(true);
      if (mayCreate) {
        dropOlderOne(connection);
      }
      // One by one, since whoever made them may have stopped in between.
      for (String table : List.of("NETBUILD_OUTBOX", "NETBUILD_RELAY")) {
        if (!exists(connection, table)) {
          create(connection, table, mayCreate);
        }
      }
    } catch (SQLException e) {
      throw new ProcessEngineException("NetBuild Realtime could not create its tables.", e);
    }
  }

  private void create(Connection connection, String table, boolean mayCreate) throws SQLException {
    if (!mayCreate) {
      throw new ProcessEngineException("NetBuild Realtime: the table " + prefix + table
          + " is missing, or of another version, and createTable is false. Create it with:\n" + ddlOf(table));
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(ddlOf(table));
    } catch (SQLException e) {
      // Another node of the same engine may have been first.
      if (!exists(connection, table)) {
        throw e;
      }
    }
  }

  /** Earlier versions kept text in the outbox. What nothing waits in is made anew. */
  private void dropOlderOne(Connection connection) throws SQLException {
    if (exists(connection, "NETBUILD_OUTBOX") || !answers(connection, "select PARTS_ from " + table(prefix))) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      try (var rows = statement.executeQuery("select count(*) from " + table(prefix))) {
        rows.next();
        if (rows.getLong(1) > 0) {
          throw new ProcessEngineException("NetBuild Realtime: the table " + table(prefix) + " is of an earlier version,"
              + " and rows wait in it. Let that version send them, or drop it.");
        }
      }
      statement.execute("drop table " + table(prefix));
    }
  }

  static String table(String prefix) {
    return (prefix == null ? "" : prefix) + "NETBUILD_OUTBOX";
  }

  private boolean exists(Connection connection, String table) {
    String column = table.equals("NETBUILD_OUTBOX") ? "ASIDE_" : "WAITED_";
    return answers(connection, "select " + column + " from " + prefix + table + " where 1 = 0");
  }

  private static boolean answers(Connection connection, String select) {
    // By a select, not by the metadata: a prefix may name a schema, and databases differ in case.
    try (Statement statement = connection.createStatement()) {
      statement.executeQuery(select).close();
      return true;
    } catch (SQLException missing) {
      return false;
    }
  }

  private String ddlOf(String table) {
    return Arrays.stream(ddl().split(";")).map(String::trim).filter(ddl -> ddl.contains(table)).findFirst().orElseThrow();
  }

  private String ddl() {
    try (InputStream file = OutboxSchema.class.getResourceAsStream(database.ddlFile())) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).replace("${prefix}", prefix);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
