package com.netbuild.realtime.engine.outbox;

import com.netbuild.realtime.engine.history.VariableNames;
import com.netbuild.realtime.engine.relay.CommitClock;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.interceptor.Session;
import org.camunda.bpm.engine.impl.interceptor.SessionFactory;

/** Opens an {@link OutboxSession} for a command context when its first event is copied. */
public final class OutboxSessionFactory implements SessionFactory {

  private final CommandIds ids = new CommandIds();
  private final CommitClock commitClock;
  private final VariableNames variables;

  public OutboxSessionFactory(CommitClock commitClock, VariableNames variables) {
    this.commitClock = commitClock;
    this.variables = variables;
  }

  @Override
  public Class<?> getSessionType() {
    return OutboxSession.class;
  }

  @Override
  public Session openSession() {
    return new OutboxSession(Context.getCommandContext(), ids, commitClock, variables);
  }
}
