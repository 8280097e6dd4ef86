import { deployModel } from '../../scripts/stack/engine.mjs';

/** A process with what makes states: a form of parallelism, a call, several instances, a job that fails. */
const BPMN = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
    targetNamespace="test">
  <process id="varied" name="Varied" isExecutable="true" camunda:historyTimeToLive="10">
    <startEvent id="start" />
    <sequenceFlow id="f1" sourceRef="start" targetRef="fork" />
    <parallelGateway id="fork" />
    <sequenceFlow id="f2" sourceRef="fork" targetRef="decide" />
    <sequenceFlow id="f3" sourceRef="fork" targetRef="review" />
    <sequenceFlow id="f4" sourceRef="fork" targetRef="call" />
    <sequenceFlow id="f5" sourceRef="fork" targetRef="job" />
    <userTask id="decide" name="Decide" camunda:candidateGroups="developers,leads" camunda:candidateUsers="carol" />
    <userTask id="review" name="Review" camunda:assignee="alice">
      <multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>
    </userTask>
    <callActivity id="call" name="Check" calledElement="quick-check" />
    <serviceTask id="job" name="Job" camunda:asyncBefore="true" camunda:expression="\${fails ? missing.here : 1}">
      <extensionElements><camunda:failedJobRetryTimeCycle>R1/PT0S</camunda:failedJobRetryTimeCycle></extensionElements>
    </serviceTask>
    <sequenceFlow id="f6" sourceRef="decide" targetRef="join" />
    <sequenceFlow id="f7" sourceRef="review" targetRef="join" />
    <sequenceFlow id="f8" sourceRef="call" targetRef="join" />
    <sequenceFlow id="f9" sourceRef="job" targetRef="join" />
    <parallelGateway id="join" />
    <sequenceFlow id="f10" sourceRef="join" targetRef="end" />
    <endEvent id="end" />
  </process>
</definitions>`;

/** Deploys the process `varied`; its variable `fails` decides whether its job does. */
export const deployVaried = (url, account) => deployModel(url, account, 'varied', BPMN);
