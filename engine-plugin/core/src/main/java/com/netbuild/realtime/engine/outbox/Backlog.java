package com.netbuild.realtime.engine.outbox;

/**
 * What stands in the outbox and was not delivered.
 *
 * @param rows   rows that wait to be sent
 * @param oldest epoch milliseconds at which the oldest of them was written, or null where there is none
 * @param aside  commands that the gateway refused for themselves, and that are kept aside
 */
public record Backlog(long rows, Long oldest, long aside) {

  public static final Backlog NONE = new Backlog(0, null, 0);
}
