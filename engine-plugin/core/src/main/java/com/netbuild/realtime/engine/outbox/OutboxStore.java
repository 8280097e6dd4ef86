package com.netbuild.realtime.engine.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import javax.sql.DataSource;

/**
 * Reads and deletes the outbox's rows for the relay. There is no cursor: ids become visible in the order of the
 * commits, not of their numbers, so "above the last id" would lose rows. What is there has not been delivered, or is
 * kept for a while although it was, and then the relay knows its ids; or it was put aside.
 */
public final class OutboxStore {

  /** Bodies up to this many bytes of JSON are read along with their rows, in one statement. */
  private static final int SMALL = 32_768;
  /** Oracle and SQL Server take no more than one or two thousand parameters. */
  private static final int PARAMETERS = 1_000;

  private final DataSource dataSource;
  private final Database database;
  private final String table;
  private final String whileHolder;
  private final String holder;

  /** @param holder in whose name rows are changed: only while the lease is its own */
  public OutboxStore(DataSource dataSource, Database database, String tablePrefix, String holder) {
    this.dataSource = dataSource;
    this.database = database;
    this.table = OutboxSchema.table(tablePrefix);
    this.whileHolder = " and exists (select 1 from " + LeaseRow.table(tablePrefix) + " where HOLDER_ = ?)";
    this.holder = holder;
  }

  /**
   * What is sent next.
   *
   * @param commands whole ones, in the order of their ids
   * @param isAll    whether nothing else waited
   */
  public record Batch(List<OutboxCommand> commands, boolean isAll) {}

  private record Plan(List<PlannedCommand> commands, boolean isAll) {}

  /**
   * The oldest whole commands, in the order of their ids: at most so many and, unless the first alone is larger, at
   * most so many bytes of events. Empty when nothing waits.
   *
   * @param kept ids of the rows that were delivered and still stand there
   */
  public Batch next(int maxCommands, int maxBytes, SortedSet<Long> kept) throws SQLException {
    try (Connection connection = autoCommitting()) {
      Plan plan = plan(connection, maxCommands, maxBytes, runsOf(kept));
      addBodies(connection, plan.commands());
      return new Batch(plan.commands().stream().map(PlannedCommand::command).toList(), plan.isAll());
    }
  }

  /** The id of the last row that is there; 0 when there is none. */
  public long lastRow() throws SQLException {
    try (Connection connection = autoCommitting();
        PreparedStatement select = connection.prepareStatement("select max(ID_) from " + table);
        ResultSet row = select.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /** What has not been delivered. It reads the whole table: not to be asked for often when that is large. */
  public Backlog backlog(SortedSet<Long> kept) throws SQLException {
    List<Long> runs = runsOf(kept);
    try (Connection connection = autoCommitting();
        PreparedStatement select = connection.prepareStatement("select count(case when ASIDE_ is null then 1 end),"
            + " min(case when ASIDE_ is null then CREATED_ end),"
            + " count(case when ASIDE_ is not null and PART_ = 1 then 1 end) from " + table
            + (runs.isEmpty() ? "" : " where " + outside(runs)))) {
      bind(select, runs);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        long oldest = row.getLong(2);
        Long orNone = row.wasNull() ? null : Long.valueOf(oldest);
        return new Backlog(row.getLong(1), orNone, row.getLong(3));
      }
    }
  }

  /** Deletes rows that the gateway has made durable; none where the lease is another's by now. */
  public void delete(List<Long> rows) throws SQLException {
    inChunks("delete from " + table + " where ", rows, null);
  }

  /** Leaves rows where they are, but out of what is sent. */
  public void putAside(List<Long> rows, String reason) throws SQLException {
    inChunks("update " + table + " set ASIDE_ = ? where ", rows, reason.substring(0, Math.min(255, reason.length())));
  }

  /** Has all that was put aside sent again. */
  public int sendAsideAgain() throws SQLException {
    try (Connection connection = autoCommitting();
        PreparedStatement update = connection.prepareStatement(
            "update " + table + " set ASIDE_ = null where ASIDE_ is not null")) {
      return update.executeUpdate();
    }
  }

  private Plan plan(Connection connection, int maxCommands, int maxBytes, List<Long> runs)
      throws SQLException {
    // Large bodies are not read before they are chosen, so that a long outage can't fill the memory. A command of very
    // many parts may not fit into the first look.
    for (int limit = Math.max(256, maxCommands + 1); ; limit *= 4) {
      BatchPlan plan = new BatchPlan(maxCommands, maxBytes);
      int rows = 0;
      try (PreparedStatement select = connection.prepareStatement("select ID_, COMMAND_, PARTS_, SIZE_, CREATED_,"
          + " USER_ID_, case when SIZE_ <= " + SMALL + " then BODY_ end from " + table + " where ASIDE_ is null"
          + (runs.isEmpty() ? "" : " and " + outside(runs)) + " order by ID_" + database.limit())) {
        bind(select, runs);
        select.setInt(runs.size() + 1, limit);
        try (ResultSet row = select.executeQuery()) {
          for (; row.next(); rows++) {
            plan.add(row.getLong(1), row.getString(2), row.getInt(3), row.getInt(4), row.getLong(5), row.getString(6),
                row.getBytes(7));
          }
        }
      }
      List<PlannedCommand> commands = plan.commands();
      if (!commands.isEmpty() || rows < limit) {
        return new Plan(commands, rows < limit && commands.size() == plan.size());
      }
    }
  }

  private void addBodies(Connection connection, List<PlannedCommand> planned) throws SQLException {
    Map<Long, PlannedCommand> missing = new HashMap<>();
    planned.forEach(command -> command.rowsWithoutBody().forEach(row -> missing.put(row, command)));
    for (List<Long> rows : chunks(new ArrayList<>(missing.keySet()))) {
      try (PreparedStatement select =
          connection.prepareStatement("select ID_, BODY_ from " + table + " where " + in(rows))) {
        bind(select, rows);
        try (ResultSet row = select.executeQuery()) {
          while (row.next()) {
            missing.get(row.getLong(1)).add(row.getLong(1), row.getBytes(2));
          }
        }
      }
    }
  }

  private void inChunks(String statement, List<Long> all, String value) throws SQLException {
    try (Connection connection = autoCommitting()) {
      for (List<Long> rows : chunks(all)) {
        try (PreparedStatement change = connection.prepareStatement(statement + in(rows) + whileHolder)) {
          int first = 1;
          if (value != null) {
            change.setString(first++, value);
          }
          bind(change, rows, first);
          change.setString(first + rows.size(), holder);
          change.executeUpdate();
        }
      }
    }
  }

  private Connection autoCommitting() throws SQLException {
    Connection connection = dataSource.getConnection();
    if (!connection.getAutoCommit()) {
      connection.setAutoCommit(true);
    }
    return connection;
  }

  /** First and last of each run of ids without a gap: few, since most rows are delivered in the order of their ids. */
  private static List<Long> runsOf(SortedSet<Long> ids) {
    List<Long> runs = new ArrayList<>();
    for (long id : ids) {
      int last = runs.size() - 1;
      if (last > 0 && runs.get(last) == id - 1) {
        runs.set(last, id);
      } else {
        runs.add(id);
        runs.add(id);
      }
    }
    return runs;
  }

  private static List<List<Long>> chunks(List<Long> rows) {
    List<List<Long>> chunks = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += PARAMETERS) {
      chunks.add(rows.subList(from, Math.min(rows.size(), from + PARAMETERS)));
    }
    return chunks;
  }

  private static String outside(List<Long> runs) {
    return String.join(" and ", Collections.nCopies(runs.size() / 2, "ID_ not between ? and ?"));
  }

  private static String in(List<Long> rows) {
    return "ID_ in (" + String.join(",", Collections.nCopies(rows.size(), "?")) + ")";
  }

  private static void bind(PreparedStatement statement, List<Long> rows) throws SQLException {
    bind(statement, rows, 1);
  }

  private static void bind(PreparedStatement statement, List<Long> rows, int first) throws SQLException {
    for (int i = 0; i < rows.size(); i++) {
      statement.setLong(first + i, rows.get(i));
    }
  }
}
