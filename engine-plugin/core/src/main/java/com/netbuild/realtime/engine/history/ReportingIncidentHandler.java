package com.netbuild.realtime.engine.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.history.event.HistoryEvent;
import org.camunda.bpm.engine.impl.history.event.HistoryEventTypes;
import org.camunda.bpm.engine.impl.history.producer.HistoryEventProducer;
import org.camunda.bpm.engine.impl.incident.IncidentContext;
import org.camunda.bpm.engine.impl.incident.IncidentHandler;
import org.camunda.bpm.engine.impl.persistence.entity.ExecutionEntity;
import org.camunda.bpm.engine.impl.persistence.entity.IncidentEntity;
import org.camunda.bpm.engine.runtime.Incident;

/**
 * Tells of incidents where the engine's history level does not. It stands around the handler that was there, whose word
 * counts, like one of a composite; but unlike one it sees which incidents came of it.
 */
public final class ReportingIncidentHandler implements IncidentHandler {

  private final IncidentHandler own;
  private final CopyingHistoryEventHandler copies = new CopyingHistoryEventHandler();

  private ReportingIncidentHandler(IncidentHandler own) {
    this.own = own;
  }

  /** Puts one around each handler that the engine has. */
  public static void addTo(ProcessEngineConfigurationImpl configuration) {
    Map<String, IncidentHandler> handlers = configuration.getIncidentHandlers();
    handlers.replaceAll((type, handler) -> new ReportingIncidentHandler(handler));
  }

  @Override
  public String getIncidentHandlerType() {
    return own.getIncidentHandlerType();
  }

  @Override
  public Incident handleIncident(IncidentContext context, String message) {
    Incident incident = own.handleIncident(context, message);
    if (isNeeded() && incident instanceof IncidentEntity created) {
      report(withThoseOfCallers(created), HistoryEventProducer::createHistoricIncidentCreateEvt);
    }
    return incident;
  }

  @Override
  public void resolveIncident(IncidentContext context) {
    List<IncidentEntity> ending = isNeeded() ? of(context) : List.of();
    own.resolveIncident(context);
    report(ending, HistoryEventProducer::createHistoricIncidentResolveEvt);
  }

  @Override
  public void deleteIncident(IncidentContext context) {
    List<IncidentEntity> ending = isNeeded() ? of(context) : List.of();
    own.deleteIncident(context);
    report(ending, HistoryEventProducer::createHistoricIncidentDeleteEvt);
  }

  /** Asked each time, since level {@code auto} is known only after the engine's start. */
  private static boolean isNeeded() {
    return !Context.getProcessEngineConfiguration().getHistoryLevel()
        .isHistoryEventProduced(HistoryEventTypes.INCIDENT_CREATE, null);
  }

  private static List<IncidentEntity> of(IncidentContext context) {
    List<IncidentEntity> incidents = new ArrayList<>();
    for (Incident incident : Context.getCommandContext().getIncidentManager()
        .findIncidentByConfiguration(context.getConfiguration())) {
      incidents.addAll(withThoseOfCallers((IncidentEntity) incident));
    }
    return incidents;
  }

  /** An incident in a called instance is one of each calling instance, too. */
  private static List<IncidentEntity> withThoseOfCallers(IncidentEntity incident) {
    List<IncidentEntity> incidents = new ArrayList<>();
    for (IncidentEntity one = incident; one != null; one = ofCaller(one)) {
      incidents.add(one);
    }
    return incidents;
  }

  private static IncidentEntity ofCaller(IncidentEntity incident) {
    ExecutionEntity execution = incident.getExecution();
    ExecutionEntity caller = execution == null ? null : execution.getProcessInstance().getSuperExecution();
    return caller == null ? null : caller.getIncidentByCauseIncidentId(incident.getId());
  }

  private void report(List<IncidentEntity> incidents, BiFunction<HistoryEventProducer, Incident, HistoryEvent> event) {
    HistoryEventProducer producer = Context.getProcessEngineConfiguration().getHistoryEventProducer();
    incidents.forEach(incident -> copies.handleEvent(event.apply(producer, incident)));
  }
}
