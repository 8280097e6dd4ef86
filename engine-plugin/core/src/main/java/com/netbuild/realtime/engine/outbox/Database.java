package com.netbuild.realtime.engine.outbox;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.ProcessEngineException;

/**
 * What differs between the databases beside the table definitions, of which there is one file each beside this class.
 * The engine's own name of a database is the lower-case name of its constant here.
 */
public enum Database {

  H2("h2.sql", "datediff(millisecond, timestamp with time zone '1970-01-01 00:00:00+00', current_timestamp)", true),
  // Not now(): inside a transaction that stands still.
  POSTGRES("postgres.sql", "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)", true),
  // Not unix_timestamp(): it asks the session's time zone, and is wrong in the hour that summer time repeats.
  MARIADB("mysql.sql", "(timestampdiff(microsecond, '1970-01-01', utc_timestamp(6)) div 1000)", true),
  // So the engine calls a MariaDB, too.
  MYSQL("mysql.sql", MARIADB.nowMillis, true),
  ORACLE("oracle.sql", "round((cast(sys_extract_utc(systimestamp) as date) - date '1970-01-01') * 86400000)", false),
  MSSQL("mssql.sql", "datediff_big(millisecond, '1970-01-01', sysutcdatetime())", false),
  DB2("db2.sql", "((days(current timestamp - current timezone) - days('1970-01-01')) * bigint(86400000)"
      + " + midnight_seconds(current timestamp - current timezone) * bigint(1000))", false);

  private final String ddlFile;
  private final String nowMillis;
  private final boolean isRun;

  Database(String ddlFile, String nowMillis, boolean isRun) {
    this.ddlFile = ddlFile;
    this.nowMillis = nowMillis;
    this.isRun = isRun;
  }

  /**
   * @param databaseType the engine's name for it
   * @throws ProcessEngineException for one that has no table definition, with the names of those that have
   */
  public static Database of(String databaseType) {
    for (Database database : values()) {
      if (database.toString().equals(databaseType)) {
        return database;
      }
    }
    throw new ProcessEngineException("NetBuild Realtime has no table definition for the database " + databaseType
        + "; it has for: " + Arrays.stream(values()).map(Database::toString).collect(Collectors.joining(", ")) + ".");
  }

  /** Whether our tests run on it. What is here for the others is by their manuals alone. */
  public boolean isRun() {
    return isRun;
  }

  /** Names of the databases on which the tests run. */
  public static List<String> run() {
    return Arrays.stream(values()).filter(Database::isRun).map(Database::toString).toList();
  }

  String ddlFile() {
    return ddlFile;
  }

  /** The server's clock, in epoch milliseconds. */
  String nowMillis() {
    return nowMillis;
  }

  /** The end of an ordered select of at most so many rows; its parameter is their number. */
  String limit() {
    return switch (this) {
      case ORACLE, MSSQL, DB2 -> " offset 0 rows fetch next ? rows only";
      default -> " limit ?";
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
