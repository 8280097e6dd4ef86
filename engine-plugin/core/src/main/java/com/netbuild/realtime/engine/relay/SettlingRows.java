package com.netbuild.realtime.engine.relay;

import com.netbuild.realtime.engine.outbox.OutboxCommand;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Rows that were acknowledged in the present life of the gateway's storage, and may be lost with it: they stay in the
 * outbox until that life has lasted long enough. Their ids alone, so the memory is that of the rate times the time.
 * Forgotten with the process: after the next start all of them are sent once more, and known.
 */
final class SettlingRows {

  /** What one POST brought. */
  record Batch(List<String> commands, List<Long> rows, long until) {}

  private final Deque<Batch> batches = new ArrayDeque<>();
  private final SortedSet<Long> rows = new TreeSet<>();

  /** @param until by {@link System#nanoTime()}; who is in the same life then has them for good */
  void add(List<OutboxCommand> commands, long until) {
    List<String> ids = new ArrayList<>();
    List<Long> added = new ArrayList<>();
    for (OutboxCommand command : commands) {
      ids.add(command.id());
      added.addAll(command.rows());
    }
    batches.add(new Batch(ids, added, until));
    rows.addAll(added);
  }

  /** The oldest batch, if its time was over then; else null. */
  Batch settledAt(long nanos) {
    Batch oldest = batches.peek();
    return oldest == null || oldest.until() - nanos > 0 ? null : oldest;
  }

  void removeOldest() {
    batches.remove().rows().forEach(rows::remove);
  }

  /** The life is over; they wait as if they had never been sent. */
  void clear() {
    batches.clear();
    rows.clear();
  }

  SortedSet<Long> rows() {
    return Collections.unmodifiableSortedSet(rows);
  }

  int size() {
    return rows.size();
  }
}
