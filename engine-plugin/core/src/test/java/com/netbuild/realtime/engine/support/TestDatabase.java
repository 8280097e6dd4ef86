package com.netbuild.realtime.engine.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/**
 * The databases on which tests run. Servers are started by {@code npm test}, which hands their addresses over by
 * environment; without one its tests are skipped.
 */
public enum TestDatabase {
  H2, POSTGRES, MARIADB;

  /** Which of the virtual machines that run tests beside each other this is. */
  private static final String FORK = System.getProperty("test.fork", "1");

  /**
   * A database for an engine: of its own on H2; on a server the one that all tests of this virtual machine share, one
   * after the other, with an empty outbox.
   */
  public String url() {
    if (this == H2) {
      return "jdbc:h2:mem:" + UUID.randomUUID();
    }
    String variable = "TEST_" + name() + "_URL";
    String url = System.getenv(variable);
    assumeTrue(url != null && !url.isBlank(), () -> "no " + name().toLowerCase() + " server: " + variable
        + " is not set. `npm test -- --only java` starts one.");
    assumeTrue(hasDriver(), () -> "no driver of " + name().toLowerCase() + " in this module: core's tests run on it.");
    // The name of the server's first database, from which the others are made: `…/netbuild?…`.
    String first = url.replaceFirst(".*/(\\w+)\\?.*", "$1");
    String own = first + "_" + FORK;
    create(url, own);
    // MariaDB's driver would show the engine the tables of the other databases as its own.
    return url.replace("/" + first + "?", "/" + own + "?") + (this == MARIADB ? "&nullDatabaseMeansCurrent=true" : "");
  }

  private void create(String url, String own) {
    try (Connection connection = DriverManager.getConnection(url); Statement statement = connection.createStatement()) {
      if (this == MARIADB) {
        statement.execute("create database if not exists " + own);
        return;
      }
      try (ResultSet found = statement.executeQuery("select 1 from pg_database where datname = '" + own + "'")) {
        if (found.next()) {
          return;
        }
      }
      statement.execute("create database " + own);
    } catch (SQLException e) {
      throw new IllegalStateException("the database " + own + " could not be made", e);
    }
  }

  private boolean hasDriver() {
    try {
      Class.forName(this == POSTGRES ? "org.postgresql.Driver" : "org.mariadb.jdbc.Driver");
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
