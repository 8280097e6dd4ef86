package com.netbuild.realtime.engine.relay;

import com.netbuild.realtime.engine.PluginSettings;
import com.netbuild.realtime.engine.outbox.OutboxCommand;
import com.netbuild.realtime.engine.outbox.OutboxStore;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings committed commands from the outbox to the gateway, in order, one POST at a time, and deletes what was
 * acknowledged. A daemon thread, woken by commits. It must be the only one that reads its table: several nodes on one
 * database need a lease, which is not built yet.
 */
public final class Relay {

  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  private final PluginSettings settings;
  private final OutboxStore store;
  private final GatewayClient gateway;
  private final CommitClock clock;
  private final OutageLog outageLog;
  private final Backoff backoff = new Backoff();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;
  private int batchCommands;
  private boolean settleTold;

  public Relay(PluginSettings settings, OutboxStore store, GatewayClient gateway, CommitClock clock) {
    this.settings = settings;
    this.store = store;
    this.gateway = gateway;
    this.clock = clock;
    this.outageLog = new OutageLog(settings.endpoint());
    this.batchCommands = settings.batchCommands();
    this.thread = new Thread(this::run, "netbuild-realtime-relay-" + settings.engineName());
    this.thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  /** Lets the POST under way end, cancels it after the close timeout, and returns when the thread is done. */
  public void stop() {
    stopped.countDown();
    clock.wake();
    try {
      thread.join(settings.closeTimeout().toMillis());
      // Never Thread.interrupt(): in the middle of a read it would make H2 close its file for the whole process.
      gateway.cancel();
      thread.join(settings.closeTimeout().toMillis());
    } catch (InterruptedException e) {
      gateway.cancel();
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!isStopped()) {
        round();
      }
    } catch (InterruptedException e) {
      LOG.debug("NetBuild Realtime: the relay was interrupted and ends.");
    }
  }

  private void round() throws InterruptedException {
    try {
      clock.drain();
      boolean delivered = deliver();
      backoff.reset();
      if (!delivered) {
        clock.await(settings.pollInterval().toMillis());
      }
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      // The gateway or the database, as a rule. Whatever it is, the relay must not die of it: nobody starts it again.
      failed(e);
    }
  }

  /** One POST of what waits; false when nothing does. */
  private boolean deliver() throws Exception {
    List<OutboxCommand> commands = store.next(batchCommands, settings.batchBytes());
    if (commands.isEmpty()) {
      return false;
    }
    try {
      observeSettle(gateway.post(EngineMessage.of(settings.engineName(), commands, clock)).settle());
    } catch (GatewayException e) {
      if (e.isTooLarge() && commands.size() > 1) {
        batchCommands = Math.max(1, commands.size() / 2);
        return true;
      }
      throw e;
    }
    store.delete(commands);
    commands.forEach(command -> clock.forget(command.id()));
    outageLog.delivered();
    // Slowly back up after a 413: doubling would run into the same limit at every second POST.
    batchCommands = Math.min(settings.batchCommands(), batchCommands + 1 + batchCommands / 8);
    return true;
  }

  /**
   * A gateway whose storage can lose acknowledged events at a failover says for how long: its {@code settle}. Not done
   * yet: rows are deleted at once all the same, where they should be kept for that time, the epoch be asked for, and
   * everything be sent again if it has changed.
   */
  private void observeSettle(long settle) {
    if (settle > 0 && !settleTold) {
      settleTold = true;
      LOG.warn("NetBuild Realtime: the gateway asks to keep acknowledged events for a while (settle {});"
          + " this version deletes them at once, so a failover of its storage may lose some.", settle);
    }
  }

  private void failed(Throwable failure) throws InterruptedException {
    if (isStopped()) {
      return;
    }
    outageLog.failed(failure);
    stopped.await(backoff.nextMillis(), TimeUnit.MILLISECONDS);
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }
}
