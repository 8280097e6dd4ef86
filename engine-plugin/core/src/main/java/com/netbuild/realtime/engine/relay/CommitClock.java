package com.netbuild.realtime.engine.relay;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Notes when each command was committed, and wakes the relay. Called by the engine's COMMITTED listener, so it is
 * quick and never throws: a listener that throws makes the caller see a failure for work that is committed.
 */
public final class CommitClock {

  /** Beyond this many undelivered commands the oldest clocks are dropped; their rows' own time, before the commit, stands in. */
  static final int BOUND = 10_000;

  private static final long PENDING = -1;

  private final Semaphore wakeUps = new Semaphore(0);
  private final Map<String, Long> micros = new LinkedHashMap<>() {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
      return size() > BOUND;
    }
  };

  /** A row of this command was written, in a transaction that is about to commit. */
  public synchronized void expect(String command) {
    micros.put(command, PENDING);
  }

  /** The command is committed, now. */
  public void committed(String command) {
    note(command, nowMicros());
    wakeUps.release();
  }

  private synchronized void note(String command, long now) {
    // Not when the relay was quicker: it has said a time already, or even forgotten the command.
    micros.computeIfPresent(command, (id, before) -> before == PENDING ? now : before);
  }

  /** The command was rolled back, or delivered. */
  public synchronized void forget(String command) {
    micros.remove(command);
  }

  /**
   * Epoch microseconds of the command's commit. A row that was read before its listener ran has just been committed:
   * now. A command of an earlier run, or one whose clock was dropped: the row's own time.
   */
  public synchronized long microsOf(String command, long createdMillis) {
    Long noted = micros.get(command);
    if (noted == null) {
      return createdMillis * 1000;
    }
    if (noted == PENDING) {
      // Kept, so that a second try says the same.
      long now = nowMicros();
      micros.put(command, now);
      return now;
    }
    return noted;
  }

  /** Forgets the wake-ups so far; before a look at the table, so that a commit after the look wakes again. */
  void drain() {
    wakeUps.drainPermits();
  }

  /** Waits for a commit, at most so long. */
  void await(long millis) throws InterruptedException {
    wakeUps.tryAcquire(millis, TimeUnit.MILLISECONDS);
  }

  void wake() {
    wakeUps.release();
  }

  synchronized int size() {
    return micros.size();
  }

  private static long nowMicros() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
  }
}
