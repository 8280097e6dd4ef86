package com.netbuild.realtime.engine.relay;

import java.util.concurrent.ThreadLocalRandom;

/** How long to wait after a failure: 100 ms, doubling to 5 s, each shortened by up to half so that nodes don't retry in step. */
final class Backoff {

  private static final long FIRST = 100;
  private static final long LONGEST = 5_000;

  private long next = FIRST;

  long nextMillis() {
    long ceiling = next;
    next = Math.min(LONGEST, next * 2);
    return ceiling - ThreadLocalRandom.current().nextLong(ceiling / 2 + 1);
  }

  void reset() {
    next = FIRST;
  }
}
