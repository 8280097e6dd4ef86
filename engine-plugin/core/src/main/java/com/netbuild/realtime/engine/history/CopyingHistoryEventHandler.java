package com.netbuild.realtime.engine.history;

import com.netbuild.realtime.engine.outbox.OutboxSession;
import java.util.List;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.history.event.HistoryEvent;
import org.camunda.bpm.engine.impl.history.handler.HistoryEventHandler;

/**
 * Copies the history events that the gateway needs into the outbox of the running command. It does no I/O.
 *
 * <p>Should copying fail, the user's command fails with it. The outbox is as much part of the transaction as the
 * history table is: the alternative is a committed fact that no screen ever hears of, and nobody would notice. There
 * is nothing here that can fail from outside (no network, no disk), so a failure is a bug of ours; the message says
 * whose it is and how to go on without.
 */
public final class CopyingHistoryEventHandler implements HistoryEventHandler {

  @Override
  public void handleEvent(HistoryEvent event) {
    try {
      Context.getCommandContext().getSession(OutboxSession.class).events().add(event);
    } catch (RuntimeException e) {
      throw new ProcessEngineException("NetBuild Realtime could not copy the history event " + describe(event)
          + "; the command is rolled back rather than committed unseen."
          + " Switch the plugin off with its property enabled=false to go on without it.", e);
    }
  }

  @Override
  public void handleEvents(List<HistoryEvent> events) {
    for (HistoryEvent event : events) {
      handleEvent(event);
    }
  }

  private static String describe(HistoryEvent event) {
    return event == null ? "null" : event.getClass().getSimpleName() + " " + event.getId();
  }
}
