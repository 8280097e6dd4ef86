package com.netbuild.realtime.engine.outbox;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A command whose rows are being found; their bodies may still be missing. Its rows come in the order of their ids. */
final class PlannedCommand {

  private final String id;
  private final String userId;
  private final long created;
  private final int parts;
  private final int size;
  /** By the row's id; the body, or null. Parts were inserted in order, so their ids are in order too. */
  private final Map<Long, byte[]> bodies = new LinkedHashMap<>();

  PlannedCommand(String id, String userId, long created, int parts, int size) {
    this.id = id;
    this.userId = userId;
    this.created = created;
    this.parts = parts;
    this.size = size;
  }

  void add(long row, byte[] body) {
    bodies.put(row, body);
  }

  boolean isWhole() {
    return bodies.size() == parts;
  }

  /** Bytes of its JSON. */
  int size() {
    return size;
  }

  List<Long> rows() {
    return List.copyOf(bodies.keySet());
  }

  List<Long> rowsWithoutBody() {
    return bodies.entrySet().stream().filter(row -> row.getValue() == null).map(Map.Entry::getKey).toList();
  }

  OutboxCommand command() {
    return new OutboxCommand(id, userId, created, rows(), CommandBody.text(new ArrayList<>(bodies.values())));
  }
}
