package com.netbuild.realtime.engine.support;

import java.util.Map;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.DelegateTask;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.camunda.bpm.engine.delegate.TaskListener;
import org.camunda.bpm.engine.impl.cfg.TransactionState;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;
import org.camunda.bpm.model.bpmn.builder.MultiInstanceLoopCharacteristicsBuilder;
import org.camunda.bpm.model.bpmn.instance.ExtensionElements;
import org.camunda.bpm.model.bpmn.instance.UserTask;
import org.camunda.bpm.model.bpmn.instance.camunda.CamundaProperties;
import org.camunda.bpm.model.bpmn.instance.camunda.CamundaProperty;

/** The models that the tests run. */
public final class Models {

  private Models() {}

  /** One user task for the group developers. Key {@code review}. */
  public static BpmnModelInstance review() {
    return Bpmn.createExecutableProcess("review").name("Review")
        .startEvent().userTask("look").name("Look at it").camundaCandidateGroups("developers").endEvent().done();
  }

  /** A user task, then a service task that throws while {@link Refusing#on} says so. Key {@code refused}. */
  public static BpmnModelInstance refused(boolean asynchronous) {
    return Bpmn.createExecutableProcess("refused")
        .startEvent().userTask("look")
        .serviceTask("refuse").camundaAsyncBefore(asynchronous).camundaClass(Refusing.class)
        .endEvent().done();
  }

  /** A user task, then a service task that lets the commit fail, after all was written. Key {@code uncommitted}. */
  public static BpmnModelInstance uncommitted() {
    return Bpmn.createExecutableProcess("uncommitted")
        .startEvent().userTask("look")
        .serviceTask("refuse").camundaClass(RefusingTheCommit.class)
        .endEvent().done();
  }

  /** One user task for alice, to which a listener adds bob. Key {@code listened}. */
  public static BpmnModelInstance listenedTo() {
    return Bpmn.createExecutableProcess("listened")
        .startEvent().userTask("look").camundaCandidateUsers("alice")
        .camundaTaskListenerClass("create", AddingBob.class).endEvent().done();
  }

  /** Adds a candidate, after the task's creation was told. */
  public static final class AddingBob implements TaskListener {
    @Override
    public void notify(DelegateTask task) {
      task.addCandidateUser("bob");
    }
  }

  /** Calls {@code refused}. Key {@code calling}. */
  public static BpmnModelInstance calling() {
    return Bpmn.createExecutableProcess("calling")
        .startEvent().callActivity("call").calledElement("refused").endEvent().done();
  }

  /** So many parallel user tasks. Key {@code many}. */
  public static BpmnModelInstance many(int tasks) {
    return Bpmn.createExecutableProcess("many")
        .startEvent()
        .userTask("look").name("Look at it").camundaCandidateGroups("developers")
        .multiInstance().parallel().cardinality(Integer.toString(tasks)).multiInstanceDone()
        .endEvent().done();
  }

  /** Its user task is an approval, as these extension properties say. Key {@code approval}. */
  public static BpmnModelInstance approval(Map<String, String> properties) {
    BpmnModelInstance model = Bpmn.createExecutableProcess("approval")
        .startEvent().userTask("approve").name("Approve it").endEvent().done();
    return withProperties(model, properties);
  }

  /** The same, asked of each in the variable {@code approvers}, until two have answered. Key {@code approval}. */
  public static BpmnModelInstance approvalOfMany(boolean parallel) {
    MultiInstanceLoopCharacteristicsBuilder many = Bpmn.createExecutableProcess("approval")
        .startEvent().userTask("approve").name("Approve it").camundaAssignee("${approver}").multiInstance();
    BpmnModelInstance model = (parallel ? many.parallel() : many.sequential())
        .camundaCollection("approvers").camundaElementVariable("approver")
        .completionCondition("${nrOfCompletedInstances == 2}").multiInstanceDone()
        .endEvent().done();
    return withProperties(model, Map.of("approval", "true"));
  }

  private static BpmnModelInstance withProperties(BpmnModelInstance model, Map<String, String> properties) {
    UserTask task = model.getModelElementById("approve");
    ExtensionElements extensions = model.newInstance(ExtensionElements.class);
    CamundaProperties list = extensions.addExtensionElement(CamundaProperties.class);
    task.setExtensionElements(extensions);
    properties.forEach((name, value) -> {
      CamundaProperty property = model.newInstance(CamundaProperty.class);
      property.setCamundaName(name);
      property.setCamundaValue(value);
      list.addChildElement(property);
    });
    return model;
  }

  /** Throws, or not. */
  public static final class Refusing implements JavaDelegate {
    public static volatile boolean on = true;

    @Override
    public void execute(DelegateExecution execution) {
      if (on) {
        throw new IllegalStateException("refused");
      }
    }
  }

  /** Throws, or not, between the engine's flush and the database's commit. */
  public static final class RefusingTheCommit implements JavaDelegate {
    @Override
    public void execute(DelegateExecution execution) {
      Context.getCommandContext().getTransactionContext().addTransactionListener(TransactionState.COMMITTING, context -> {
        if (Refusing.on) {
          throw new IllegalStateException("refused");
        }
      });
    }
  }
}
