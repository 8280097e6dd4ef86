package com.netbuild.realtime.engine.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.impl.history.event.HistoricActivityInstanceEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoricTaskInstanceEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoryEvent;
import org.camunda.bpm.engine.impl.history.event.HistoryEventTypes;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;

/**
 * The events of one command, in their order, without what says nothing more: a task has one event for all that the
 * command made of it up to its end, and an activity's start knows already what the engine tells by an update.
 */
public final class CommandEvents {

  private final VariableNames variables;
  private final List<JsonObject> events = new ArrayList<>();
  /** Where in {@link #events} the creation or update of each task stands, until the task ends. */
  private final Map<String, Integer> tasks = new HashMap<>();
  private final Map<String, JsonObject> createdTasks = new HashMap<>();
  private final Map<String, JsonObject> startedActivities = new HashMap<>();

  public CommandEvents(VariableNames variables) {
    this.variables = variables;
  }

  /** Copies an event, or what it adds to one before. At once: the engine reuses its objects. */
  public void add(HistoryEvent event) {
    // By class: the names of event types ("create", "update") are shared between kinds.
    if (event instanceof HistoricTaskInstanceEventEntity task) {
      addTask(task);
    } else if (event instanceof HistoricActivityInstanceEventEntity activity) {
      addActivity(activity);
    } else {
      JsonObject copy = HistoryEventJson.of(event, variables);
      if (copy != null) {
        events.add(copy);
      }
    }
  }

  private void addTask(HistoricTaskInstanceEventEntity task) {
    String id = task.getTaskId();
    boolean isUpdate = task.isEventOfType(HistoryEventTypes.TASK_INSTANCE_UPDATE);
    Integer before = tasks.get(id);
    if (isUpdate && before != null) {
      boolean isCreated = createdTasks.containsKey(id);
      JsonObject newest = HistoryEventJson.task(task, isCreated ? "create" : "update");
      events.set(before, newest);
      if (isCreated) {
        createdTasks.put(id, newest);
      }
      return;
    }
    JsonObject copy = HistoryEventJson.task(task, task.getEventType());
    if (task.isEventOfType(HistoryEventTypes.TASK_INSTANCE_CREATE)) {
      createdTasks.put(id, copy);
      tasks.put(id, events.size());
    } else if (isUpdate) {
      tasks.put(id, events.size());
    } else {
      tasks.remove(id);
    }
    events.add(copy);
  }

  private void addActivity(HistoricActivityInstanceEventEntity activity) {
    if (activity.isEventOfType(HistoryEventTypes.ACTIVITY_INSTANCE_UPDATE)) {
      // Which task or instance the activity has made. Of one that an earlier command has started, the task's own
      // events say all that its update does.
      JsonObject start = startedActivities.get(activity.getActivityInstanceId());
      if (start != null) {
        HistoryEventJson.addWhatActivityMade(start, activity);
      }
      return;
    }
    JsonObject copy = HistoryEventJson.activity(activity);
    if (activity.isEventOfType(HistoryEventTypes.ACTIVITY_INSTANCE_START)) {
      startedActivities.put(activity.getActivityInstanceId(), copy);
    }
    events.add(copy);
  }

  public boolean isEmpty() {
    return events.isEmpty();
  }

  /** The events as a JSON array; nothing may be added any more. */
  public String end(CommandContext commandContext) {
    if (!createdTasks.isEmpty()) {
      Candidates.addTo(createdTasks, commandContext);
    }
    StringBuilder json = new StringBuilder(1024 * events.size());
    char separator = '[';
    for (JsonObject event : events) {
      json.append(separator);
      event.endTo(json);
      separator = ',';
    }
    return json.append(']').toString();
  }
}
