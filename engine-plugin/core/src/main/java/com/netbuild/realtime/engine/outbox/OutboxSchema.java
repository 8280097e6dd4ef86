package com.netbuild.realtime.engine.outbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;

/** The outbox's table: one DDL file a database, run on a connection of its own. */
public final class OutboxSchema {

  /** The databases that have a DDL file beside this class, by the engine's names for them. */
  static final List<String> SUPPORTED = List.of("h2");

  private final DataSource dataSource;
  private final String databaseType;
  private final String prefix;

  public OutboxSchema(ProcessEngineConfigurationImpl configuration) {
    dataSource = configuration.getDataSource();
    databaseType = configuration.getDatabaseType();
    prefix = configuration.getDatabaseTablePrefix();
  }

  /** Refuses a database that has no DDL file, by a sentence that names those which have. */
  public static void requireSupported(String databaseType) {
    if (!SUPPORTED.contains(databaseType)) {
      throw new ProcessEngineException("NetBuild Realtime has no table definition for the database " + databaseType
          + "; supported: " + String.join(", ", SUPPORTED) + ".");
    }
  }

  /** Creates the table unless it is there. With {@code mayCreate} false a missing one is an error that shows the DDL. */
  public void createIfMissing(boolean mayCreate) {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(true);
      if (exists(connection)) {
        return;
      }
      if (!mayCreate) {
        throw new ProcessEngineException("NetBuild Realtime: the table " + table(prefix)
            + " is missing and createTable is false. Create it with:\n" + ddl());
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute(ddl());
      } catch (SQLException e) {
        // Another node of the same engine may have been first.
        if (!exists(connection)) {
          throw e;
        }
      }
    } catch (SQLException e) {
      throw new ProcessEngineException("NetBuild Realtime could not create its table " + table(prefix) + ".", e);
    }
  }

  static String table(String prefix) {
    return (prefix == null ? "" : prefix) + "NETBUILD_OUTBOX";
  }

  private boolean exists(Connection connection) {
    // By a select, not by the metadata: a prefix may name a schema, and databases differ in case.
    try (Statement statement = connection.createStatement()) {
      statement.executeQuery("select ID_ from " + table(prefix) + " where ID_ = 0").close();
      return true;
    } catch (SQLException missing) {
      return false;
    }
  }

  private String ddl() {
    try (InputStream file = OutboxSchema.class.getResourceAsStream(databaseType + ".sql")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).replace("${prefix}", prefix == null ? "" : prefix);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
