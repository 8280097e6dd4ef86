package com.netbuild.realtime.engine.outbox;

import com.netbuild.realtime.engine.history.CommandEvents;
import com.netbuild.realtime.engine.history.VariableNames;
import com.netbuild.realtime.engine.relay.CommitClock;
import java.util.List;
import java.util.UUID;
import org.apache.ibatis.session.SqlSession;
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
  private final CommitClock commitClock;
  private final VariableNames variables;
  private CommandEvents events;
  private boolean flushed;

  OutboxSession(CommandContext commandContext, CommitClock commitClock, VariableNames variables) {
    this.commandContext = commandContext;
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
    String command = UUID.randomUUID().toString();
    insert(command, CommandBody.of(taken.end(commandContext)));

    commitClock.expect(command);
    commandContext.getTransactionContext()
        .addTransactionListener(TransactionState.COMMITTED, context -> commitClock.committed(command));
    commandContext.getTransactionContext()
        .addTransactionListener(TransactionState.ROLLED_BACK, context -> commitClock.forget(command));
  }

  private void insert(String command, CommandBody.Stored body) {
    SqlSession sqlSession = commandContext.getDbSqlSession().getSqlSession();
    String userId = commandContext.getAuthenticatedUserId();
    long created = System.currentTimeMillis();
    List<byte[]> parts = body.parts();
    for (int i = 0; i < parts.size(); i++) {
      sqlSession.insert(OutboxMapper.INSERT,
          new OutboxRow(command, i + 1, parts.size(), body.size(), created, userId, parts.get(i)));
      // The engine reads the counts of its own statements from the same session and stumbles over ours. And each part
      // by itself: MariaDB's driver makes one packet of several.
      sqlSession.flushStatements();
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
