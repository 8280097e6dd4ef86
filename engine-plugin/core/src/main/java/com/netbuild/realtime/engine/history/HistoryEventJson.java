package com.netbuild.realtime.engine.history;

import org.camunda.bpm.engine.impl.history.event.HistoricActivityInstanceEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoricIdentityLinkLogEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoricIncidentEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoricProcessInstanceEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoricTaskInstanceEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoricVariableUpdateEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoryEvent;
import org.camunda.bpm.engine.impl.history.event.HistoryEventTypes;
import org.camunda.bpm.engine.task.IdentityLinkType;

/**
 * A history event as the JSON object that goes over the wire, with the fields that the gateway reads. What they mean is
 * the gateway's to say.
 */
final class HistoryEventJson {

  private HistoryEventJson() {}

  /** Null for the kinds that no event of the gateway's catalogue needs. Tasks and activities don't come here. */
  static JsonObject of(HistoryEvent event, VariableNames variables) {
    if (event instanceof HistoricProcessInstanceEventEntity process) {
      return process(process);
    }
    if (event instanceof HistoricIdentityLinkLogEventEntity link) {
      // The assignee and owner are in the task's events, and links of definitions concern nobody.
      boolean isCandidate = link.getTaskId() != null && IdentityLinkType.CANDIDATE.equals(link.getType());
      return isCandidate ? identityLink(link) : null;
    }
    if (event instanceof HistoricIncidentEventEntity incident) {
      return incident(incident);
    }
    if (event instanceof HistoricVariableUpdateEventEntity variable) {
      return variables.has(variable.getVariableName()) ? variable(variable) : null;
    }
    return null;
  }

  static JsonObject task(HistoricTaskInstanceEventEntity event, String type) {
    JsonObject json = common("task", type, event.getTenantId(), event)
        .field("id", event.getTaskId())
        .field("name", event.getName())
        .field("description", event.getDescription())
        .field("taskDefinitionKey", event.getTaskDefinitionKey())
        .field("assignee", event.getAssignee())
        .field("owner", event.getOwner())
        .field("priority", event.getPriority())
        .field("dueDate", event.getDueDate())
        .field("followUpDate", event.getFollowUpDate())
        .field("startTime", event.getStartTime())
        .field("endTime", event.getEndTime())
        .field("deleteReason", event.getDeleteReason())
        .field("parentTaskId", event.getParentTaskId())
        .field("activityInstanceId", event.getActivityInstanceId());
    return Approval.addTo(json, event, type.equals(HistoryEventTypes.TASK_INSTANCE_CREATE.getEventName()));
  }

  static JsonObject activity(HistoricActivityInstanceEventEntity event) {
    return common("activity", event.getEventType(), event.getTenantId(), event)
        .field("id", event.getActivityInstanceId())
        .field("activityId", event.getActivityId())
        .field("activityName", event.getActivityName())
        .field("activityType", event.getActivityType())
        .field("taskId", event.getTaskId())
        .field("calledProcessInstanceId", event.getCalledProcessInstanceId())
        .field("startTime", event.getStartTime())
        .field("endTime", event.getEndTime())
        .field("canceled", event.isCanceled());
  }

  /** Adds to an activity's start what only its update knows. */
  static void addWhatActivityMade(JsonObject start, HistoricActivityInstanceEventEntity update) {
    if (!start.has("taskId")) {
      start.field("taskId", update.getTaskId());
    }
    if (!start.has("calledProcessInstanceId")) {
      start.field("calledProcessInstanceId", update.getCalledProcessInstanceId());
    }
  }

  private static JsonObject process(HistoricProcessInstanceEventEntity event) {
    return common("process", event.getEventType(), event.getTenantId(), event)
        .field("id", event.getProcessInstanceId())
        .field("processDefinitionVersion", event.getProcessDefinitionVersion())
        .field("businessKey", event.getBusinessKey())
        .field("startUserId", event.getStartUserId())
        .field("startTime", event.getStartTime())
        .field("endTime", event.getEndTime())
        .field("state", event.getState())
        .field("deleteReason", event.getDeleteReason())
        .field("superProcessInstanceId", event.getSuperProcessInstanceId());
  }

  private static JsonObject incident(HistoricIncidentEventEntity event) {
    String state = event.isResolved() ? "resolved" : event.isDeleted() ? "deleted" : "open";
    return common("incident", event.getEventType(), event.getTenantId(), event)
        .field("id", event.getId())
        .field("incidentType", event.getIncidentType())
        .field("message", event.getIncidentMessage())
        .field("activityId", event.getActivityId())
        .field("failedActivityId", event.getFailedActivityId())
        .field("causeIncidentId", event.getCauseIncidentId())
        .field("rootCauseIncidentId", event.getRootCauseIncidentId())
        .field("configuration", event.getConfiguration())
        .field("createTime", event.getCreateTime())
        .field("endTime", event.getEndTime())
        .field("state", state);
  }

  private static JsonObject identityLink(HistoricIdentityLinkLogEventEntity event) {
    String type = event.getEventType().startsWith("add") ? "add" : "delete";
    return common("identityLink", type, event.getTenantId(), event)
        .field("taskId", event.getTaskId())
        .field("userId", event.getUserId())
        .field("groupId", event.getGroupId())
        .field("type", event.getType());
  }

  private static JsonObject variable(HistoricVariableUpdateEventEntity event) {
    JsonObject json = common("variable", event.getEventType(), event.getTenantId(), event)
        .field("id", event.getVariableInstanceId())
        .field("name", event.getVariableName())
        .field("activityInstanceId", event.getScopeActivityInstanceId())
        .field("taskId", event.getTaskId());
    VariableJson.add(json, event);
    return json;
  }

  private static JsonObject common(String kind, String type, String tenantId, HistoryEvent event) {
    return new JsonObject()
        .field("kind", kind)
        .field("event", type)
        .field("tenantId", tenantId)
        .field("processInstanceId", event.getProcessInstanceId())
        .field("rootProcessInstanceId", event.getRootProcessInstanceId())
        .field("processDefinitionId", event.getProcessDefinitionId())
        .field("processDefinitionKey", event.getProcessDefinitionKey())
        .field("processDefinitionName", event.getProcessDefinitionName());
  }
}
