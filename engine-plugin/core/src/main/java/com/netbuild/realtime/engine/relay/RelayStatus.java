package com.netbuild.realtime.engine.relay;

import com.netbuild.realtime.engine.outbox.OutboxStore;
import java.lang.management.ManagementFactory;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The relay as JMX shows it, for as long as it runs. */
final class RelayStatus implements RelayMBean {

  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  private final OutboxStore store;
  private final BacklogMeter backlog;
  private final Lease lease;
  private final OutageLog outageLog;
  private ObjectName name;

  RelayStatus(OutboxStore store, BacklogMeter backlog, Lease lease, OutageLog outageLog) {
    this.store = store;
    this.backlog = backlog;
    this.lease = lease;
    this.outageLog = outageLog;
  }

  @Override
  public long getRows() {
    return backlog.last().rows();
  }

  @Override
  public long getOldestAgeSeconds() {
    Long oldest = backlog.last().oldest();
    return oldest == null ? 0 : Math.max(0, (System.currentTimeMillis() - oldest) / 1000);
  }

  @Override
  public long getAside() {
    return backlog.last().aside();
  }

  @Override
  public boolean isHolder() {
    return lease.isHeld();
  }

  @Override
  public String getLastFailure() {
    return outageLog.lastFailure();
  }

  @Override
  public int sendAsideAgain() throws Exception {
    return store.sendAsideAgain();
  }

  /** @param node tells two engines of the same name in one virtual machine apart */
  void register(String engine, String node) {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    String plain = "com.netbuild.realtime:type=Relay,engine=" + ObjectName.quote(engine);
    try {
      StandardMBean bean = new StandardMBean(this, RelayMBean.class);
      plain = engine.matches("[\\w.-]+") ? "com.netbuild.realtime:type=Relay,engine=" + engine : plain;
      try {
        name = server.registerMBean(bean, new ObjectName(plain)).getObjectName();
      } catch (InstanceAlreadyExistsException e) {
        name = server.registerMBean(bean, new ObjectName(plain + ",node=" + node)).getObjectName();
      }
    } catch (JMException e) {
      LOG.warn("NetBuild Realtime: the relay can't be shown by JMX: {}", e.toString());
    }
  }

  void unregister() {
    if (name != null) {
      try {
        ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
      } catch (JMException e) {
        LOG.debug("NetBuild Realtime: the relay was not shown by JMX.", e);
      }
    }
  }
}
