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
 * kept for a while although it was, and then the relay knows its ids.
 */
public final class OutboxStore {

  private final DataSource dataSource;
  private final String table;

  public OutboxStore(DataSource dataSource, String tablePrefix) {
    this.dataSource = dataSource;
    this.table = OutboxSchema.table(tablePrefix);
  }

  /**
   * The oldest whole commands, in the order of their ids: at most so many and, unless the first alone is larger, at
   * most so many bytes of events. Empty when nothing waits.
   *
   * @param kept ids of the rows that were delivered and still stand there
   */
  public List<OutboxCommand> next(int maxCommands, int maxBytes, SortedSet<Long> kept) throws SQLException {
    try (Connection connection = autoCommitting()) {
      List<PlannedCommand> planned = plan(connection, maxCommands, maxBytes, runsOf(kept));
      Map<Long, String> bodies = bodies(connection, planned);
      List<OutboxCommand> commands = new ArrayList<>(planned.size());
      for (PlannedCommand command : planned) {
        commands.add(command.with(bodies));
      }
      return commands;
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

  /** Deletes rows that the gateway has made durable. */
  public void delete(List<Long> rows) throws SQLException {
    try (Connection connection = autoCommitting();
        PreparedStatement delete = connection.prepareStatement("delete from " + table + in(rows))) {
      bind(delete, rows);
      delete.executeUpdate();
    }
  }

  private List<PlannedCommand> plan(Connection connection, int maxCommands, int maxBytes, List<Long> runs)
      throws SQLException {
    // Rows without their bodies first, so that a long outage can't fill the memory. A command of very many parts may
    // not fit into the first look.
    for (int limit = Math.max(256, 2 * maxCommands); ; limit *= 4) {
      BatchPlan plan = new BatchPlan(maxCommands, maxBytes);
      int rows = 0;
      try (PreparedStatement select = connection.prepareStatement("select ID_, COMMAND_, PARTS_, SIZE_, CREATED_,"
          + " USER_ID_ from " + table + outside(runs) + " order by ID_ limit ?")) {
        bind(select, runs);
        select.setInt(runs.size() + 1, limit);
        try (ResultSet row = select.executeQuery()) {
          for (; row.next(); rows++) {
            plan.add(row.getLong(1), row.getString(2), row.getInt(3), row.getInt(4), row.getLong(5), row.getString(6));
          }
        }
      }
      List<PlannedCommand> commands = plan.commands();
      if (!commands.isEmpty() || rows < limit) {
        return commands;
      }
    }
  }

  private Map<Long, String> bodies(Connection connection, List<PlannedCommand> planned) throws SQLException {
    List<Long> rows = new ArrayList<>();
    planned.forEach(command -> rows.addAll(command.rows()));
    Map<Long, String> bodies = new HashMap<>();
    if (rows.isEmpty()) {
      return bodies;
    }
    try (PreparedStatement select =
        connection.prepareStatement("select ID_, BODY_ from " + table + in(rows))) {
      bind(select, rows);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          bodies.put(row.getLong(1), row.getString(2));
        }
      }
    }
    return bodies;
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

  private static String outside(List<Long> runs) {
    return runs.isEmpty() ? ""
        : " where " + String.join(" and ", Collections.nCopies(runs.size() / 2, "ID_ not between ? and ?"));
  }

  private static String in(List<Long> rows) {
    return " where ID_ in (" + String.join(",", Collections.nCopies(rows.size(), "?")) + ")";
  }

  private static void bind(PreparedStatement statement, List<Long> rows) throws SQLException {
    for (int i = 0; i < rows.size(); i++) {
      statement.setLong(i + 1, rows.get(i));
    }
  }
}
