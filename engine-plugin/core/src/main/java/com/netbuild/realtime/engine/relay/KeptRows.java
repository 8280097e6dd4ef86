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
 * Rows that were acknowledged and still stand in the outbox: those that may be lost with the present life of the
 * gateway's storage, until it has lasted long enough; and then those that are durable and about to be deleted. Their
 * ids alone, so the memory is that of the rate times the time. Forgotten with the lease: the next holder sends all of
 * them once more, and they are known.
 */
final class KeptRows {

  /** What one POST brought. */
  private record Batch(List<String> commands, List<Long> rows, long until) {}

  private final Deque<Batch> settling = new ArrayDeque<>();
  private final List<Batch> durable = new ArrayList<>();
  private final SortedSet<Long> rows = new TreeSet<>();

  /** @param until by {@link System#nanoTime()}; who is in the same life then has them for good */
  void addSettling(List<OutboxCommand> commands, long until) {
    Batch batch = batch(commands, until);
    settling.add(batch);
    rows.addAll(batch.rows());
  }

  void addDurable(List<OutboxCommand> commands) {
    Batch batch = batch(commands, 0);
    durable.add(batch);
    rows.addAll(batch.rows());
  }

  private static Batch batch(List<OutboxCommand> commands, long until) {
    List<String> ids = new ArrayList<>();
    List<Long> rows = new ArrayList<>();
    for (OutboxCommand command : commands) {
      ids.add(command.id());
      rows.addAll(command.rows());
    }
    return new Batch(ids, rows, until);
  }

  /** The life was the same at that moment: what had waited long enough by then is durable. */
  void sameLifeAt(long nanos) {
    while (!settling.isEmpty() && settling.peek().until() - nanos <= 0) {
      durable.add(settling.remove());
    }
  }

  /** The life is over: what may be lost with it waits as if it had never been sent. */
  void lifeIsOver() {
    settling.forEach(batch -> batch.rows().forEach(rows::remove));
    settling.clear();
  }

  /** How many rows may be lost with the life. */
  int settling() {
    return settling.stream().mapToInt(batch -> batch.rows().size()).sum();
  }

  boolean hasDurable() {
    return !durable.isEmpty();
  }

  List<Long> durableRows() {
    return durable.stream().flatMap(batch -> batch.rows().stream()).toList();
  }

  List<String> durableCommands() {
    return durable.stream().flatMap(batch -> batch.commands().stream()).toList();
  }

  /** The durable ones are deleted. */
  void forgetDurable() {
    durable.forEach(batch -> batch.rows().forEach(rows::remove));
    durable.clear();
  }

  /** All of them. */
  SortedSet<Long> rows() {
    return Collections.unmodifiableSortedSet(rows);
  }
}
