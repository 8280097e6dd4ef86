package com.netbuild.realtime.engine.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A command whose rows are being found, before their bodies are read. Its rows come in the order of their ids. */
final class PlannedCommand {

  private final String id;
  private final String userId;
  private final long created;
  private final int parts;
  private final List<Long> rows = new ArrayList<>();
  private long size;

  PlannedCommand(String id, String userId, long created, int parts) {
    this.id = id;
    this.userId = userId;
    this.created = created;
    this.parts = parts;
  }

  void add(long row, int rowSize) {
    rows.add(row);
    size += rowSize;
  }

  boolean isWhole() {
    return rows.size() == parts;
  }

  long size() {
    return size;
  }

  List<Long> rows() {
    return rows;
  }

  /** Joins the parts: arrays in a row become one. Parts were inserted in order, so their ids are in order too. */
  OutboxCommand with(Map<Long, String> bodies) {
    StringBuilder events = new StringBuilder("[");
    for (long row : rows) {
      String body = bodies.get(row);
      events.append(events.length() == 1 ? "" : ",").append(body, 1, body.length() - 1);
    }
    return new OutboxCommand(id, userId, created, List.copyOf(rows), events.append(']').toString());
  }
}
