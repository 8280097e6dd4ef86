package com.netbuild.realtime.engine.history;

import java.util.Date;
import org.camunda.bpm.engine.impl.history.event.HistoricActivityInstanceEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoricIdentityLinkLogEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoricIncidentEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoricProcessInstanceEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoricTaskInstanceEventEntity;
import org.camunda.bpm.engine.impl.history.event.HistoryEvent;
import org.camunda.bpm.engine.impl.util.ClockUtil;

/** A history event as the JSON object that goes over the wire. What it means is the gateway's to say. */
public final class HistoryEventJson {

  private HistoryEventJson() {}

  /** The event as JSON, or null for the kinds that no event of the gateway's catalogue needs. */
  public static String of(HistoryEvent event) {
    // By class: the names of event types ("create", "update") are shared between kinds.
    if (event instanceof HistoricTaskInstanceEventEntity task) {
      return task(task);
    }
    if (event instanceof HistoricActivityInstanceEventEntity activity) {
      return activity(activity);
    }
    if (event instanceof HistoricProcessInstanceEventEntity process) {
      return process(process);
    }
    if (event instanceof HistoricIdentityLinkLogEventEntity link) {
      return identityLink(link);
    }
    if (event instanceof HistoricIncidentEventEntity incident) {
      return incident(incident);
    }
    return null;
  }

  private static String process(HistoricProcessInstanceEventEntity event) {
    return common("process", event.getEventType(), now(), event.getTenantId(), event)
        .field("id", event.getProcessInstanceId())
        .field("processDefinitionVersion", event.getProcessDefinitionVersion())
        .field("businessKey", event.getBusinessKey())
        .field("startUserId", event.getStartUserId())
        .field("startTime", event.getStartTime())
        .field("endTime", event.getEndTime())
        .field("state", event.getState())
        .field("deleteReason", event.getDeleteReason())
        .field("superProcessInstanceId", event.getSuperProcessInstanceId())
        .end();
  }

  private static String task(HistoricTaskInstanceEventEntity event) {
    return common("task", event.getEventType(), now(), event.getTenantId(), event)
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
        .field("taskState", event.getTaskState())
        .field("deleteReason", event.getDeleteReason())
        .field("parentTaskId", event.getParentTaskId())
        .field("activityInstanceId", event.getActivityInstanceId())
        .end();
  }

  private static String activity(HistoricActivityInstanceEventEntity event) {
    return common("activity", event.getEventType(), now(), event.getTenantId(), event)
        .field("id", event.getActivityInstanceId())
        .field("activityId", event.getActivityId())
        .field("activityName", event.getActivityName())
        .field("activityType", event.getActivityType())
        .field("taskId", event.getTaskId())
        .field("assignee", event.getTaskAssignee())
        .field("calledProcessInstanceId", event.getCalledProcessInstanceId())
        .field("parentActivityInstanceId", event.getParentActivityInstanceId())
        .field("startTime", event.getStartTime())
        .field("endTime", event.getEndTime())
        .field("canceled", event.isCanceled())
        .end();
  }

  private static String incident(HistoricIncidentEventEntity event) {
    String state = event.isResolved() ? "resolved" : event.isDeleted() ? "deleted" : "open";
    return common("incident", event.getEventType(), now(), event.getTenantId(), event)
        .field("id", event.getId())
        .field("incidentType", event.getIncidentType())
        .field("message", event.getIncidentMessage())
        .field("activityId", event.getActivityId())
        .field("failedActivityId", event.getFailedActivityId())
        .field("causeIncidentId", event.getCauseIncidentId())
        .field("rootCauseIncidentId", event.getRootCauseIncidentId())
        .field("createTime", event.getCreateTime())
        .field("endTime", event.getEndTime())
        .field("state", state)
        .end();
  }

  private static String identityLink(HistoricIdentityLinkLogEventEntity event) {
    String type = event.getEventType().startsWith("add") ? "add" : "delete";
    return common("identityLink", type, event.getTime(), event.getTenantId(), event)
        .field("taskId", event.getTaskId())
        .field("userId", event.getUserId())
        .field("groupId", event.getGroupId())
        .field("type", event.getType())
        .end();
  }

  private static JsonObject common(String kind, String type, Date time, String tenantId, HistoryEvent event) {
    return new JsonObject()
        .field("kind", kind)
        .field("event", type)
        .field("time", time)
        .field("tenantId", tenantId)
        .field("processInstanceId", event.getProcessInstanceId())
        .field("rootProcessInstanceId", event.getRootProcessInstanceId())
        .field("processDefinitionId", event.getProcessDefinitionId())
        .field("processDefinitionKey", event.getProcessDefinitionKey())
        .field("processDefinitionName", event.getProcessDefinitionName())
        .field("engineExecutionId", event.getExecutionId());
  }

  private static Date now() {
    return ClockUtil.getCurrentTime();
  }
}
