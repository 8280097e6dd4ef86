package com.netbuild.realtime.demo;

import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.stereotype.Component;

/**
 * "Deploys" the service: sets the variable {@code endpoint}, and nothing else. It fails for each service whose name
 * contains {@code undeployable}, so that a failed job and its incident can be seen.
 */
@Component("deployService")
class DeployService implements JavaDelegate {

  @Override
  public void execute(DelegateExecution execution) {
    Object name = execution.getVariable("serviceName");
    String service = name == null ? "service" : name.toString();
    if (service.contains("undeployable")) {
      throw new IllegalStateException("The cluster refused " + service + ": quota exceeded.");
    }
    execution.setVariable("endpoint", "https://" + service + ".services.example.com");
  }
}
