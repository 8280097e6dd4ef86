package com.netbuild.realtime.engine.history;

import org.camunda.bpm.engine.impl.bpmn.behavior.MultiInstanceActivityBehavior;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.history.event.HistoricTaskInstanceEventEntity;
import org.camunda.bpm.engine.impl.persistence.entity.ExecutionEntity;
import org.camunda.bpm.engine.impl.persistence.entity.ProcessDefinitionEntity;
import org.camunda.bpm.engine.impl.persistence.entity.TaskEntity;
import org.camunda.bpm.engine.impl.pvm.process.ActivityImpl;

/**
 * What a model says of a user task that it makes an approval of, by the extension properties {@code approval},
 * {@code approvalVariable}, {@code reasonVariable} and {@code reasonRequired}.
 */
record Approval(String variable, String reasonVariable, boolean isReasonRequired) {

  static final String PROPERTY = "netbuildApproval";

  private static final String INSTANCES = "nrOfInstances";

  /**
   * Adds what the model says of a task, where it is an approval. A definition that is not in memory is not read for it.
   *
   * @param isCreated whether the command has made the task
   */
  static JsonObject addTo(JsonObject json, HistoricTaskInstanceEventEntity event, boolean isCreated) {
    String definitionId = event.getProcessDefinitionId();
    String key = event.getTaskDefinitionKey();
    if (definitionId == null || key == null) {
      return json;
    }
    ProcessDefinitionEntity definition =
        Context.getProcessEngineConfiguration().getDeploymentCache().findProcessDefinitionFromCache(definitionId);
    ActivityImpl activity = definition == null ? null : definition.findActivity(key);
    if (activity == null || !(activity.getProperty(PROPERTY) instanceof Approval approval)) {
      return json;
    }
    json.field("approval", true)
        .field("approvalVariable", approval.variable)
        .field("approvalReasonVariable", approval.reasonVariable);
    if (approval.isReasonRequired) {
      json.field("approvalReasonRequired", true);
    }
    if (isCreated
        && activity.getFlowScope() instanceof ActivityImpl body
        && body.getActivityBehavior() instanceof MultiInstanceActivityBehavior) {
      addMultiInstance(json, event.getTaskId());
    }
    return json;
  }

  private static void addMultiInstance(JsonObject json, String taskId) {
    TaskEntity task = Context.getCommandContext().getDbEntityManager().getCachedEntity(TaskEntity.class, taskId);
    ExecutionEntity execution = task == null ? null : task.getExecution();
    if (execution == null) {
      return;
    }
    json.field("approvalAmong", execution.getParentActivityInstanceId());
    if (execution.getVariable(INSTANCES) instanceof Integer instances) {
      json.field("approvalOf", instances);
    }
  }
}
