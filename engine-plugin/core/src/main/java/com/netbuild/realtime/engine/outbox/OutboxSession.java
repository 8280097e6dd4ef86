package com.netbuild.realtime.engine.outbox;

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
  private EventParts parts;
  private boolean flushed;

  OutboxSession(CommandContext commandContext, CommitClock commitClock) {
    this.commandContext = commandContext;
    this.commitClock = commitClock;
  }

  /** Keeps one event, as JSON, until the flush. */
  public void add(String event) {
    if (parts == null) {
      parts = new EventParts();
    }
    parts.add(event);
  }

  @Override
  public void flush() {
    // Taken before the insert: a session that is first opened during a flush makes this one flush a second time.
    EventParts taken = parts;
    parts = null;
    flushed = true;
    if (taken == null) {
      return;
    }
    String command = UUID.randomUUID().toString();
    insert(command, taken.end());

    commitClock.expect(command);
    commandContext.getTransactionContext()
        .addTransactionListener(TransactionState.COMMITTED, context -> commitClock.committed(command));
    commandContext.getTransactionContext()
        .addTransactionListener(TransactionState.ROLLED_BACK, context -> commitClock.forget(command));
  }

  private void insert(String command, List<EventParts.Part> bodies) {
    SqlSession sqlSession = commandContext.getDbSqlSession().getSqlSession();
    String userId = commandContext.getAuthenticatedUserId();
    long created = System.currentTimeMillis();
    int number = 0;
    for (EventParts.Part part : bodies) {
      number++;
      sqlSession.insert(OutboxMapper.INSERT,
          new OutboxRow(command, number, bodies.size(), part.size(), created, userId, part.body()));
    }
    // The engine reads the counts of its own statements from the same session and stumbles over ours.
    sqlSession.flushStatements();
  }

  @Override
  public void close() {
    // Events after the last flush would be lost without a word. The engine fires none; should a version do so, say it.
    if (flushed && parts != null) {
      LOG.error("NetBuild Realtime: the engine fired history events after its flush; the gateway won't hear of them.");
    }
    parts = null;
  }
}
