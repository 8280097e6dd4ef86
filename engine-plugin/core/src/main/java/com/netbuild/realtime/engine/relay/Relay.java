package com.netbuild.realtime.engine.relay;

import com.netbuild.realtime.engine.PluginSettings;
import com.netbuild.realtime.engine.outbox.OutboxCommand;
import com.netbuild.realtime.engine.outbox.OutboxStore;
import com.netbuild.realtime.engine.relay.GatewayClient.Acknowledgement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings committed commands from the outbox to the gateway, in order, one POST at a time, and deletes what was
 * acknowledged. A daemon thread, woken by commits. It must be the only one that reads its table: several nodes on one
 * database need a lease, which is not built yet.
 *
 * <p>A gateway whose storage can lose what it has acknowledged says for how long: its {@code settle}. Rows are kept
 * that long. If the epoch is the same then, they are deleted; another one means that they may be gone, and all of them
 * are sent again, in order: what follows names the epoch, and is refused in another one. What is there all the same,
 * the gateway knows by the commands' ids.
 */
public final class Relay {

  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  /** Nobody has to wait longer than this until a life that is over is noticed, where nothing is sent. */
  private static final long ASK_AT_LEAST_EVERY = TimeUnit.SECONDS.toNanos(5);

  private final PluginSettings settings;
  private final OutboxStore store;
  private final GatewayClient gateway;
  private final CommitClock clock;
  private final OutageLog outageLog;
  private final Backoff backoff = new Backoff();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;
  private final StorageLife life = new StorageLife();
  private final SettlingRows settling = new SettlingRows();
  private int batchCommands;
  /** The last POST, and perhaps since the gateway's storage is in another life: that is asked for first. */
  private boolean hasFailed;
  private long answeredAt;
  private long askEvery = ASK_AT_LEAST_EVERY;

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
      if (hasFailed) {
        // Whether what failed is taken now is another question, so this is no end of an outage.
        post(EngineMessage.question(settings.engineName()));
        hasFailed = false;
      }
      boolean delivered = deliver() || ask();
      backoff.reset();
      outageLog.delivered();
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
    List<OutboxCommand> commands = store.next(batchCommands, settings.batchBytes(), settling.rows());
    if (life.isWhole(commands)) {
      String epoch = life.epoch();
      if (post(EngineMessage.whole(settings.engineName(), epoch)).epoch().equals(epoch)) {
        life.told(epoch);
      }
      return true;
    }
    if (commands.isEmpty()) {
      return false;
    }
    Acknowledgement answer;
    try {
      answer = post(EngineMessage.of(settings.engineName(), isFollowing() ? life.epoch() : null, commands, clock));
    } catch (GatewayException e) {
      if (e.isTooLarge() && commands.size() > 1) {
        batchCommands = Math.max(1, commands.size() / 2);
        return true;
      }
      throw e;
    }
    if (answer.settle() > 0) {
      settling.add(commands, answeredAt + TimeUnit.MILLISECONDS.toNanos(answer.settle()));
    } else {
      List<Long> rows = new ArrayList<>();
      commands.forEach(command -> rows.addAll(command.rows()));
      store.delete(rows);
      commands.forEach(command -> clock.forget(command.id()));
    }
    // Slowly back up after a 413: doubling would run into the same limit at every second POST.
    batchCommands = Math.min(settings.batchCommands(), batchCommands + 1 + batchCommands / 8);
    return true;
  }

  /** Asks in which life the gateway's storage is, where nothing has been sent for a while; false when there is no need. */
  private boolean ask() throws Exception {
    boolean isDue = life.epoch() == null
        || isFollowing() && System.nanoTime() - answeredAt >= askEvery;
    if (isDue) {
      post(EngineMessage.question(settings.engineName()));
    }
    return isDue;
  }

  /** Whether what is sent belongs behind something that the gateway's storage may lose with its life. */
  private boolean isFollowing() {
    return settling.size() > 0 || life.isTold();
  }

  private Acknowledgement post(String body) throws Exception {
    long askedAt = System.nanoTime();
    Acknowledgement answer = gateway.post(body);
    answeredAt = System.nanoTime();
    if (life.isOver(answer.epoch()) && settling.size() > 0) {
      LOG.info("NetBuild Realtime: the gateway's storage has begun another life; what it may have lost ({} rows of the"
          + " outbox) is sent again.", settling.size());
      settling.clear();
    }
    if (answer.settle() > 0) {
      askEvery = Math.min(ASK_AT_LEAST_EVERY, TimeUnit.MILLISECONDS.toNanos(answer.settle()));
    }
    if (life.needsMark(answer.settle() > 0 || answer.rebuilding())) {
      life.mark(store.lastRow());
    }
    deleteSettled(askedAt);
    return answer;
  }

  /** Deletes what was acknowledged long enough before a moment at which the life was still the same. */
  private void deleteSettled(long askedAt) throws SQLException {
    for (SettlingRows.Batch batch; (batch = settling.settledAt(askedAt)) != null; ) {
      store.delete(batch.rows());
      batch.commands().forEach(clock::forget);
      settling.removeOldest();
    }
  }

  private void failed(Throwable failure) throws InterruptedException {
    if (isStopped()) {
      return;
    }
    outageLog.failed(failure);
    hasFailed = true;
    stopped.await(backoff.nextMillis(), TimeUnit.MILLISECONDS);
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }
}
