package com.netbuild.realtime.engine.relay;

/**
 * What JMX shows of a relay: {@code com.netbuild.realtime:type=Relay,engine=<name>}. Numbers are as they were measured
 * last, a few seconds ago at most while the database answers.
 */
public interface RelayMBean {

  /** Rows of the outbox that were not delivered. */
  long getRows();

  /** Seconds since the oldest of them was written; 0 where none waits. */
  long getOldestAgeSeconds();

  /** Commands that the gateway refused for themselves, and that are kept aside. */
  long getAside();

  /** Whether this node is the one that sends. */
  boolean isHolder();

  /** Why delivery fails just now; null while it does not. */
  String getLastFailure();

  /** Has all that is kept aside sent again; tells how many rows that are. */
  int sendAsideAgain() throws Exception;
}
