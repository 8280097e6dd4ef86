package com.netbuild.realtime.engine.relay;

import com.netbuild.realtime.engine.PluginSettings;
import com.netbuild.realtime.engine.outbox.Backlog;
import com.netbuild.realtime.engine.outbox.OutboxCommand;
import com.netbuild.realtime.engine.outbox.OutboxStore;
import com.netbuild.realtime.engine.relay.GatewayClient.Acknowledgement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one holder of the lease sends, from its beginning to its end: one POST at a time, and what was acknowledged is
 * deleted. All that it remembers is forgotten with the lease; the next holder sends again what is still there, and the
 * gateway knows it by the commands' ids.
 *
 * <p>A gateway whose storage can lose what it has acknowledged says for how long: its {@code settle}. Rows are kept
 * that long. If the epoch is the same then, they are deleted; another one means that they may be gone, and all of them
 * are sent again, in order: what follows names the epoch, and is refused in another one.
 */
final class Delivery {

  /**
   * Between the beginnings of two POSTs: hundreds of commits a second, each with one of its own, would cost the engine
   * more than all else here. Who comes after a pause goes at once; and when {@link #MANY} came together, the next ones
   * are waited for twice as long.
   */
  private static final long GATHER = TimeUnit.MILLISECONDS.toNanos(20);

  private static final int MANY = 8;

  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  /** Nobody has to wait longer than this for the relay's next word, in which it hears of another life or a token. */
  private static final long ASK_AT_LEAST_EVERY = TimeUnit.SECONDS.toNanos(5);
  /** Rows go together, so that a steady load costs a delete each so often and not each POST. */
  private static final long DELETE_EVERY = TimeUnit.MILLISECONDS.toNanos(200);

  private final PluginSettings settings;
  private final OutboxStore store;
  private final GatewayClient gateway;
  private final CommitClock clock;
  private final Lease lease;
  private final BacklogMeter backlog;
  private final StorageLife life = new StorageLife();
  private final KeptRows kept = new KeptRows();
  private final SeenToken token = new SeenToken();
  private int batchCommands;
  /** The last POST, and perhaps since the gateway's storage is in another life: that is asked for first. */
  private boolean hasFailed;
  private long answeredAt;
  private long sentAt = System.nanoTime() - 2 * GATHER;
  private int sentCommands;
  private long deletedAt = System.nanoTime() - DELETE_EVERY;
  private long askEvery = ASK_AT_LEAST_EVERY;

  Delivery(
      PluginSettings settings, OutboxStore store, GatewayClient gateway, CommitClock clock, Lease lease,
      BacklogMeter backlog) {
    this.settings = settings;
    this.store = store;
    this.gateway = gateway;
    this.clock = clock;
    this.lease = lease;
    this.backlog = backlog;
    this.batchCommands = settings.batchCommands();
  }

  /** Does what is to be done next; true where there may be more of it at once. */
  boolean step() throws Exception {
    lease.require();
    if (hasFailed) {
      // Whether what failed is taken now is another question, so this is no end of an outage.
      ask();
      hasFailed = false;
    }
    if (deliver()) {
      return true;
    }
    if (isAskDue()) {
      ask();
      return true;
    }
    deleteDurable();
    return false;
  }

  /** Nanoseconds for which what is committed now should wait for what comes after it; not above 0 where it need not. */
  long gathersFor() {
    return (sentCommands < MANY ? GATHER : 2 * GATHER) - (System.nanoTime() - sentAt);
  }

  /** Nanoseconds until there is something to do, should no commit bring it sooner. */
  long idleFor() {
    long now = System.nanoTime();
    long untilAsked = askEvery - (now - answeredAt);
    return kept.hasDurable() ? Math.min(untilAsked, DELETE_EVERY - (now - deletedAt)) : untilAsked;
  }

  /** The last step failed, whatever the reason. */
  void failed() {
    hasFailed = true;
  }

  /** One POST of what waits; false when nothing more does, and no commit since has told of more. */
  private boolean deliver() throws Exception {
    OutboxStore.Batch batch = store.next(batchCommands, settings.batchBytes(), kept.rows());
    List<OutboxCommand> commands = batch.commands();
    token.look(commands);
    if (life.isWhole(commands)) {
      String epoch = life.epoch();
      if (post(message().whole(epoch)).epoch().equals(epoch)) {
        life.told(epoch);
      }
      return true;
    }
    if (commands.isEmpty()) {
      return false;
    }
    Acknowledgement answer;
    sentAt = System.nanoTime();
    sentCommands = commands.size();
    try {
      answer = post(message().commands(commands, clock).following(isFollowing() ? life.epoch() : null));
    } catch (GatewayException e) {
      if (!e.isForWhatWasSent()) {
        throw e;
      }
      refused(commands, e);
      return true;
    }
    if (answer.settle() > 0) {
      kept.addSettling(commands, answeredAt + TimeUnit.MILLISECONDS.toNanos(answer.settle()));
    } else {
      kept.addDurable(commands);
    }
    deleteDurable();
    // Slowly back up after a refusal: doubling would run into the same limit at every second POST.
    batchCommands = Math.min(settings.batchCommands(), batchCommands + 1 + batchCommands / 8);
    return !batch.isAll() || token.isOpen() || life.isMarked();
  }

  /** Something in there is too large, or not as it has to be: fewer at a time, until it stands alone. */
  private void refused(List<OutboxCommand> commands, GatewayException refusal) throws Exception {
    if (commands.size() > 1) {
      batchCommands = Math.max(1, commands.size() / 2);
      return;
    }
    // A gateway that refuses a question as well does not mean this command.
    ask();
    OutboxCommand command = commands.get(0);
    store.putAside(command.rows(), refusal.getMessage());
    clock.forget(command.id());
    backlog.forget();
    LOG.error("NetBuild Realtime: the gateway will not have the command {} ({} characters): {}. It is kept aside in"
        + " NETBUILD_OUTBOX, and what follows is sent. The plugin's README says how to have it sent again.",
        command.id(), command.events().length(), refusal.getMessage());
  }

  private boolean isAskDue() {
    return life.epoch() == null || token.toBeSaid() != null || System.nanoTime() - answeredAt >= askEvery;
  }

  /** Brings nothing; asks in which life the gateway's storage is. */
  private void ask() throws Exception {
    post(message());
  }

  private EngineMessage message() {
    return new EngineMessage(settings.engineName());
  }

  /** Whether what is sent belongs behind something that the gateway's storage may lose with its life. */
  private boolean isFollowing() {
    return kept.settling() > 0 || life.isTold();
  }

  private Acknowledgement post(EngineMessage message) throws Exception {
    lease.require();
    Backlog now = backlog.measure(kept.rows());
    String said = token.toBeSaid();
    long askedAt = System.nanoTime();
    Acknowledgement answer = gateway.post(message.backlog(now).seen(said).end(), lease::require);
    answeredAt = System.nanoTime();
    token.wasSaid(said);
    if (life.isOver(answer.epoch()) && kept.settling() > 0) {
      LOG.info("NetBuild Realtime: the gateway's storage has begun another life; what it may have lost ({} rows of the"
          + " outbox) is sent again.", kept.settling());
      kept.lifeIsOver();
    }
    if (answer.settle() > 0) {
      askEvery = Math.min(ASK_AT_LEAST_EVERY, TimeUnit.MILLISECONDS.toNanos(answer.settle()));
    }
    if (life.needsMark(answer.settle() > 0 || answer.rebuilding())) {
      life.mark(store.lastRow());
    }
    if (token.isNew(answer.ask())) {
      token.mark(answer.ask(), store.lastRow());
    }
    kept.sameLifeAt(askedAt);
    deleteDurable();
    return answer;
  }

  private void deleteDurable() throws Exception {
    if (System.nanoTime() - deletedAt >= DELETE_EVERY) {
      deleteDurableNow();
    }
  }

  /** To be called once more at the end, too, so that the next holder has less to send again. */
  void deleteDurableNow() throws Exception {
    if (!kept.hasDurable()) {
      return;
    }
    lease.require();
    store.delete(kept.durableRows());
    kept.durableCommands().forEach(clock::forget);
    kept.forgetDurable();
    deletedAt = System.nanoTime();
  }
}
