package com.netbuild.realtime.engine.relay;

import com.netbuild.realtime.engine.PluginSettings;
import com.netbuild.realtime.engine.outbox.LeaseRow;
import com.netbuild.realtime.engine.outbox.OutboxStore;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings committed commands from the outbox to the gateway. A daemon thread, woken by commits. Of several engine nodes
 * on one database the one that has the lease sends; the others wait for it. {@link Delivery} is what the holder does.
 */
public final class Relay {

  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  /** How often a holder looks for the rows of other nodes, whose commits don't wake it. */
  private static final long OTHERS_MILLIS = 100;

  private final PluginSettings settings;
  private final OutboxStore store;
  private final GatewayClient gateway;
  private final CommitClock clock;
  private final Lease lease;
  private final BacklogMeter backlog;
  private final OutageLog outageLog;
  private final RelayStatus status;
  private final String node;
  private final Backoff backoff = new Backoff();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;
  /** Null while another node has the lease. */
  private Delivery delivery;

  /** @param node this node's name, as the lease and the store know it */
  public Relay(
      PluginSettings settings, OutboxStore store, LeaseRow leaseRow, GatewayClient gateway, CommitClock clock,
      String node) {
    this.settings = settings;
    this.store = store;
    this.gateway = gateway;
    this.clock = clock;
    this.node = node;
    this.lease = new Lease(leaseRow, settings.leaseTerm());
    this.backlog = new BacklogMeter(store);
    this.outageLog = new OutageLog(settings.endpoint());
    this.status = new RelayStatus(store, backlog, lease, outageLog);
    this.thread = new Thread(this::run, "netbuild-realtime-relay-" + settings.engineName());
    this.thread.setDaemon(true);
  }

  public void start() {
    status.register(settings.engineName(), node);
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
    gateway.close();
    status.unregister();
  }

  private void run() {
    try {
      while (!isStopped()) {
        round();
      }
      end();
    } catch (InterruptedException e) {
      LOG.debug("NetBuild Realtime: the relay was interrupted and ends.");
    }
  }

  private void round() throws InterruptedException {
    try {
      clock.drain();
      if (!lease.acquire()) {
        standBy();
        return;
      }
      if (delivery == null) {
        delivery = new Delivery(settings, store, gateway, clock, lease, backlog);
      }
      boolean more = delivery.step();
      backoff.reset();
      outageLog.delivered();
      if (!more) {
        stopped.await(delivery.gathersFor(), TimeUnit.NANOSECONDS);
        long poll = lease.isWaitedFor() ? OTHERS_MILLIS : settings.pollInterval().toMillis();
        clock.await(Math.min(poll, 1 + TimeUnit.NANOSECONDS.toMillis(delivery.idleFor())));
      }
    } catch (InterruptedException e) {
      throw e;
    } catch (Lease.LostException e) {
      LOG.info("NetBuild Realtime: this node was away for longer than its lease; another node of the engine sends now.");
      delivery = null;
    } catch (Throwable e) {
      // The gateway or the database, as a rule. Whatever it is, the relay must not die of it: nobody starts it again.
      failed(e);
    }
  }

  /** Another node sends. */
  private void standBy() throws Exception {
    delivery = null;
    backlog.measure(Collections.emptySortedSet());
    backoff.reset();
    outageLog.delivered();
    stopped.await(Math.min(1_000, settings.leaseTerm().toMillis() / 5), TimeUnit.MILLISECONDS);
  }

  private void failed(Throwable failure) throws InterruptedException {
    if (isStopped()) {
      return;
    }
    if (delivery != null) {
      delivery.failed();
    }
    outageLog.failed(failure, backlog.last());
    stopped.await(backoff.nextMillis(), TimeUnit.MILLISECONDS);
  }

  private void end() {
    try {
      if (delivery != null) {
        delivery.deleteDurableNow();
      }
      lease.giveUp();
    } catch (Exception e) {
      // The next holder waits for the lease's end, and sends again what is still there.
      LOG.debug("NetBuild Realtime: the relay could not tidy up at its end.", e);
    }
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }
}
