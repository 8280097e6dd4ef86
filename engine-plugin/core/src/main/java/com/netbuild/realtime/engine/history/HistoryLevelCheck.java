package com.netbuild.realtime.engine.history;

import java.util.ArrayList;
import java.util.List;
import org.camunda.bpm.engine.impl.history.HistoryLevel;
import org.camunda.bpm.engine.impl.history.event.HistoryEventTypes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says at the start what the engine's history level keeps from the gateway. */
public final class HistoryLevelCheck {

  private static final Logger LOG = LoggerFactory.getLogger(HistoryLevelCheck.class);

  private HistoryLevelCheck() {}

  /** Logs one warning when the level is too low for some of what the gateway shows, and nothing otherwise. */
  public static void warnOfWhatIsMissing(HistoryLevel level, VariableNames variables) {
    List<String> missing = missing(level, variables);
    if (!missing.isEmpty()) {
      LOG.warn("NetBuild Realtime: the engine's history level is {}, so the gateway will never hear of {}."
          + " Level full has them all.", level.getName(), String.join(", ", missing));
    }
  }

  static List<String> missing(HistoryLevel level, VariableNames variables) {
    List<String> missing = new ArrayList<>();
    add(missing, level, HistoryEventTypes.PROCESS_INSTANCE_START, "process instances");
    add(missing, level, HistoryEventTypes.TASK_INSTANCE_CREATE, "tasks");
    add(missing, level, HistoryEventTypes.ACTIVITY_INSTANCE_START, "activities");
    if (!variables.isNone()) {
      add(missing, level, HistoryEventTypes.VARIABLE_INSTANCE_CREATE, "variables");
    }
    // Those that it begins with are read while the command runs, and incidents come from a handler of ours.
    add(missing, level, HistoryEventTypes.IDENTITY_LINK_ADD, "candidates that a task gets or loses later");
    return missing;
  }

  private static void add(List<String> missing, HistoryLevel level, HistoryEventTypes type, String words) {
    if (!level.isHistoryEventProduced(type, null)) {
      missing.add(words);
    }
  }
}
