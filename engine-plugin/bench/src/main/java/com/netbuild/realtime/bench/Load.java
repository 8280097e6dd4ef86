package com.netbuild.realtime.bench;

import java.util.Map;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;

/** One process instance, from its start to its end: two people, a decision, a service. */
final class Load {

  /** Commands of the engine that write, in one instance. */
  static final int COMMANDS = 5;

  private static final String KEY = "order";

  private Load() {}

  static BpmnModelInstance model() {
    return Bpmn.createExecutableProcess(KEY).name("Order")
        .startEvent("ordered").name("Ordered")
        .userTask("check").name("Check the order").camundaCandidateGroups("sales").camundaPriority("50")
        .exclusiveGateway("decision").name("In order?")
        .condition("yes", "${approved}")
        .serviceTask("price").name("Set the price").camundaExpression("${amount * 2}").camundaResultVariable("price")
        .userTask("ship").name("Ship it").camundaCandidateGroups("store,drivers")
        .endEvent("shipped").name("Shipped")
        .moveToLastGateway()
        .condition("no", "${!approved}")
        .endEvent("refused").name("Refused")
        .done();
  }

  /** @return nanoseconds that each of its completions of a task took */
  static long[] play(ProcessEngine engine, int number) {
    TaskService tasks = engine.getTaskService();
    String id = engine.getRuntimeService().startProcessInstanceByKey(KEY, "order-" + number, Map.of(
        "amount", number, "customer", "Customer " + number, "approved", false)).getId();
    String check = taskOf(tasks, id);
    tasks.claim(check, "alice");
    long first = complete(tasks, check, Map.of("approved", true));
    String ship = taskOf(tasks, id);
    tasks.claim(ship, "bob");
    long second = complete(tasks, ship, Map.of("parcel", "0815"));
    return new long[] {first, second};
  }

  private static String taskOf(TaskService tasks, String processInstanceId) {
    return tasks.createTaskQuery().processInstanceId(processInstanceId).singleResult().getId();
  }

  private static long complete(TaskService tasks, String task, Map<String, Object> variables) {
    long begun = System.nanoTime();
    tasks.complete(task, variables);
    return System.nanoTime() - begun;
  }
}
