package com.netbuild.realtime.engine.support;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.DelegateTask;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.camunda.bpm.engine.delegate.TaskListener;
import org.camunda.bpm.engine.impl.cfg.TransactionState;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;

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
    return approval(properties, "", "");
  }

  /** The same, asked of each in the variable {@code approvers}, until two have answered. Key {@code approval}. */
  public static BpmnModelInstance approvalOfMany(boolean parallel) {
    return approval(Map.of("approval", "true"), "camunda:assignee='${approver}'", """
        <multiInstanceLoopCharacteristics isSequential='%s' camunda:collection='approvers' camunda:elementVariable='approver'>
          <completionCondition>${nrOfCompletedInstances == 2}</completionCondition>
        </multiInstanceLoopCharacteristics>""".formatted(!parallel));
  }

  /** As XML, since the classes of extension elements have other names in each engine. */
  private static BpmnModelInstance approval(Map<String, String> properties, String attributes, String loop) {
    StringBuilder list = new StringBuilder();
    properties.forEach((name, value) -> list.append("<camunda:property name='%s' value='%s'/>".formatted(name, value)));
    String xml = """
        <definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL' xmlns:camunda='http://camunda.org/schema/1.0/bpmn'
            targetNamespace='test'>
          <process id='approval' isExecutable='true' camunda:historyTimeToLive='P1D'>
            <startEvent id='start'/>
            <sequenceFlow id='to-approve' sourceRef='start' targetRef='approve'/>
            <userTask id='approve' name='Approve it' %s>
              <extensionElements><camunda:properties>%s</camunda:properties></extensionElements>
              %s
            </userTask>
            <sequenceFlow id='to-end' sourceRef='approve' targetRef='end'/>
            <endEvent id='end'/>
          </process>
        </definitions>""".formatted(attributes, list, loop);
    return Bpmn.readModelFromStream(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
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
