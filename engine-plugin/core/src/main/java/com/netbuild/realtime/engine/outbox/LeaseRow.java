package com.netbuild.realtime.engine.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * The row that says which of the engine's nodes sends. It is taken by one statement that compares and sets, by the
 * clock of the database, so clocks of nodes don't matter.
 */
public final class LeaseRow {

  private static final String ROW = "NAME_ = 'relay'";

  private final DataSource dataSource;
  private final String table;
  private final String now;
  private final String holder;
  private final Duration term;

  /**
   * @param holder this node's name, unlike any other's
   * @param term   how long it has the lease without renewing it
   */
  public LeaseRow(DataSource dataSource, Database database, String tablePrefix, String holder, Duration term) {
    this.dataSource = dataSource;
    this.table = table(tablePrefix);
    this.now = database.nowMillis();
    this.holder = holder;
    this.term = term;
  }

  static String table(String prefix) {
    return (prefix == null ? "" : prefix) + "NETBUILD_RELAY";
  }

  /** Takes the lease, if nobody has it or its time is over; or renews it. False where it is another's. */
  public boolean take() throws SQLException {
    String sql = "update " + table + " set HOLDER_ = ?, UNTIL_ = " + now + " + ? where " + ROW
        + " and (HOLDER_ = ? or HOLDER_ is null or UNTIL_ <= " + now + ")";
    try (Connection connection = autoCommitting()) {
      return takeBy(connection, sql) || insert(connection) && takeBy(connection, sql);
    }
  }

  /** Says that this node waits for the lease, so that who has it looks for rows of others more often. */
  public void announce() throws SQLException {
    String sql = "update " + table + " set WAITED_ = " + now + " where " + ROW;
    try (Connection connection = autoCommitting(); PreparedStatement update = connection.prepareStatement(sql)) {
      update.executeUpdate();
    }
  }

  /** Whether another node has announced itself within the last two terms. */
  public boolean isWaitedFor() throws SQLException {
    String sql = "select 1 from " + table + " where " + ROW + " and WAITED_ > " + now + " - ?";
    try (Connection connection = autoCommitting(); PreparedStatement select = connection.prepareStatement(sql)) {
      select.setLong(1, 2 * term.toMillis());
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  /** Lets another node have it at once. */
  public void giveUp() throws SQLException {
    String sql = "update " + table + " set HOLDER_ = null, UNTIL_ = 0 where " + ROW + " and HOLDER_ = ?";
    try (Connection connection = autoCommitting(); PreparedStatement update = connection.prepareStatement(sql)) {
      update.setString(1, holder);
      update.executeUpdate();
    }
  }

  private boolean takeBy(Connection connection, String sql) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setString(1, holder);
      update.setLong(2, term.toMillis());
      update.setString(3, holder);
      return update.executeUpdate() == 1;
    }
  }

  /** Makes the row, where there is none yet; false where there is. */
  private boolean insert(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement("select 1 from " + table + " where " + ROW);
        ResultSet row = select.executeQuery()) {
      if (row.next()) {
        return false;
      }
    }
    try (PreparedStatement insert = connection.prepareStatement(
        "insert into " + table + " (NAME_, HOLDER_, UNTIL_, WAITED_) values ('relay', null, 0, 0)")) {
      return insert.executeUpdate() == 1;
    } catch (SQLException e) {
      // Another node was quicker; this one asks again later.
      return false;
    }
  }

  private Connection autoCommitting() throws SQLException {
    Connection connection = dataSource.getConnection();
    if (!connection.getAutoCommit()) {
      connection.setAutoCommit(true);
    }
    return connection;
  }
}
