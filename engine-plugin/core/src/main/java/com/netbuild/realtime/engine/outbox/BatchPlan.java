package com.netbuild.realtime.engine.outbox;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Chooses the commands of one POST: whole ones alone, in the order of their first rows, within the bounds. */
final class BatchPlan {

  private final int maxCommands;
  private final int maxBytes;
  private final Map<String, PlannedCommand> seen = new LinkedHashMap<>();

  BatchPlan(int maxCommands, int maxBytes) {
    this.maxCommands = maxCommands;
    this.maxBytes = maxBytes;
  }

  /** @param body null where it is to be read later */
  void add(long row, String command, int parts, int size, long created, String userId, byte[] body) {
    seen.computeIfAbsent(command, id -> new PlannedCommand(id, userId, created, parts, size)).add(row, body);
  }

  /** How many there were to choose from. */
  int size() {
    return seen.size();
  }

  List<PlannedCommand> commands() {
    List<PlannedCommand> chosen = new ArrayList<>();
    long bytes = 0;
    for (PlannedCommand command : seen.values()) {
      if (!command.isWhole()) {
        continue;
      }
      bytes += command.size();
      if (!chosen.isEmpty() && (chosen.size() == maxCommands || bytes > maxBytes)) {
        break;
      }
      chosen.add(command);
    }
    return chosen;
  }
}
