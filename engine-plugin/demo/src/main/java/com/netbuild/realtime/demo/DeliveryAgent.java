package com.netbuild.realtime.demo;

import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.camunda.bpm.engine.ExternalTaskService;
import org.camunda.bpm.engine.externaltask.LockedExternalTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Works off the external tasks of topic {@code generate-service}. It is a plain, deterministic program that plays the
 * part of a code generator: no AI, no network. A service whose name contains {@code fail} ends in the BPMN error
 * {@code generation-failed}; a {@code serviceName} that is no text is a technical failure, tried three times.
 */
@Component
class DeliveryAgent implements DisposableBean {

  private static final Logger LOG = LoggerFactory.getLogger(DeliveryAgent.class);
  private static final String WORKER = "delivery-agent";
  private static final long POLL_MS = 200;
  private static final int RETRIES = 3;
  private static final long RETRY_MS = 500;

  private final ExternalTaskService tasks;
  private final long workMs;
  private final ScheduledThreadPoolExecutor threads;

  DeliveryAgent(ExternalTaskService tasks, DemoProperties properties) {
    this.tasks = tasks;
    this.workMs = properties.agentWorkMs();
    this.threads = new ScheduledThreadPoolExecutor(2, work -> {
      Thread thread = new Thread(work, WORKER);
      thread.setDaemon(true);
      return thread;
    });
    threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @EventListener(ApplicationReadyEvent.class)
  void start() {
    threads.scheduleWithFixedDelay(this::fetch, 0, POLL_MS, TimeUnit.MILLISECONDS);
  }

  /** Before the engine closes. No interrupt: in the middle of a read it would make H2 close its file. */
  @Override
  public void destroy() throws InterruptedException {
    threads.shutdown();
    threads.awaitTermination(5, TimeUnit.SECONDS);
  }

  private void fetch() {
    try {
      tasks.fetchAndLock(20, WORKER)
          .topic("generate-service", workMs + 30_000)
          .variables("serviceName")
          .execute()
          .forEach(task -> threads.schedule(() -> work(task), workMs, TimeUnit.MILLISECONDS));
    } catch (RuntimeException e) {
      // Thrown on, it would end the schedule without a word.
      LOG.warn("The delivery agent could not fetch tasks: {}", e.toString());
    }
  }

  private void work(LockedExternalTask task) {
    try {
      String service = serviceName(task);
      if (service.contains("fail")) {
        tasks.handleBpmnError(task.getId(), WORKER, "generation-failed", "The generated code does not compile.");
      } else {
        tasks.complete(task.getId(), WORKER, Map.of("artifact", service + "-1.0.0.jar"));
      }
    } catch (RuntimeException e) {
      report(task, e);
    }
  }

  private void report(LockedExternalTask task, RuntimeException failure) {
    int left = (task.getRetries() == null ? RETRIES : task.getRetries()) - 1;
    try {
      tasks.handleFailure(task.getId(), WORKER, failure.getMessage(), failure.toString(), left, RETRY_MS);
    } catch (RuntimeException e) {
      // The instance was deleted meanwhile, say; or the lock runs out and someone fetches it again.
      LOG.warn("The delivery agent could not report a failure: {}", e.toString());
    }
  }

  private static String serviceName(LockedExternalTask task) {
    Object name = task.getVariables().get("serviceName");
    if (name == null) {
      return "service";
    }
    if (name instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("serviceName must be text, but is " + name.getClass().getSimpleName() + ".");
  }
}
