package com.netbuild.realtime.engine.outbox;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of commands: 64 random bits of this start of the engine, and a number. No two starts share them; and those of one
 * start are in the order of their commands, so that the index of them in the gateway's log grows at its end.
 */
public final class CommandIds {

  private final String start = digits(16, new SecureRandom().nextLong());
  private final AtomicLong last = new AtomicLong();

  /** Of 28 characters. */
  String next() {
    return start + digits(12, last.incrementAndGet());
  }

  private static String digits(int count, long number) {
    String digits = Long.toHexString(number);
    return "0".repeat(count - digits.length()) + digits;
  }
}
