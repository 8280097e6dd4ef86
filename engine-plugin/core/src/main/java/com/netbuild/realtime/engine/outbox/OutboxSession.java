package com.netbuild.realtime.engine.outbox;

import com.netbuild.realtime.engine.history.CommandEvents;
import com.netbuild.realtime.engine.history.VariableNames;
import com.netbuild.realtime.engine.relay.CommitClock;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.cfg.TransactionState;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.interceptor.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers the events of one command context and writes them, in the engine's transaction, when the engine flushes.
 * Nested commands share the context and so the row; one that opens a transaction of its own has its own.
 */
public final class OutboxSession implements Session {

  private static final Logger LOG = LoggerFactory.getLogger(OutboxSession.class);

  private final CommandContext commandContext;
  private final CommandIds ids;
  private final CommitClock commitClock;
  private final VariableNames variables;
  private CommandEvents events;
  private boolean flushed;

  OutboxSession(CommandContext commandContext, CommandIds ids, CommitClock commitClock, VariableNames variables) {
    this.commandContext = commandContext;
    this.ids = ids;
    this.commitClock = commitClock;
    this.variables = variables;
  }

  /** What is kept until the flush. */
  public CommandEvents events() {
    if (events == null) {
      events = new CommandEvents(variables);
    }
    return events;
  }

  @Override
  public void flush() {
    // Taken before the insert: a session that is first opened during a flush makes this one flush a second time.
    CommandEvents taken = events;
    events = null;
    flushed = true;
    if (taken == null || taken.isEmpty()) {
      return;
    }
    String command = ids.next();
    insert(command, CommandBody.of(taken.end(commandContext)));

    commitClock.expect(command);
    commandContext.getTransactionContext()
        .addTransactionListener(TransactionState.COMMITTED, context -> commitClock.committed(command));
    commandContext.getTransactionContext()
        .addTransactionListener(TransactionState.ROLLED_BACK, context -> commitClock.forget(command));
  }

  /** By hand on the transaction's connection: through the engine's MyBatis session it takes twice the time. */
  private void insert(String command, CommandBody.Stored body) {
    String table = OutboxSchema.table(commandContext.getProcessEngineConfiguration().getDatabaseTablePrefix());
    Connection connection = commandContext.getDbSqlSession().getSqlSession().getConnection();
    String userId = commandContext.getAuthenticatedUserId();
    long created = System.currentTimeMillis();
    List<byte[]> parts = body.parts();
    try (PreparedStatement insert = connection.prepareStatement("insert into " + table
        + " (COMMAND_, PART_, PARTS_, SIZE_, CREATED_, USER_ID_, BODY_) values (?, ?, ?, ?, ?, ?, ?)")) {
      for (int i = 0; i < parts.size(); i++) {
        insert.setString(1, command);
        insert.setInt(2, i + 1);
        insert.setInt(3, parts.size());
        insert.setInt(4, body.size());
        insert.setLong(5, created);
        insert.setString(6, userId);
        insert.setBytes(7, parts.get(i));
        // Not as one batch: MariaDB's driver makes one packet of it.
        insert.executeUpdate();
      }
    } catch (SQLException e) {
      throw new ProcessEngineException("NetBuild Realtime could not write the events of a command to " + table + ".", e);
    }
  }

  @Override
  public void close() {
    // Events after the last flush would be lost without a word. The engine fires none; should a version do so, say it.
    if (flushed && events != null && !events.isEmpty()) {
      LOG.error("NetBuild Realtime: the engine fired history events after its flush; the gateway won't hear of them.");
    }
    events = null;
  }
}
