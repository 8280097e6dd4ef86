package com.netbuild.realtime.engine.history;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.List;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.impl.db.entitymanager.cache.CachedDbEntity;
import org.camunda.bpm.engine.impl.db.entitymanager.cache.DbEntityState;
import org.camunda.bpm.engine.impl.history.HistoryLevel;
import org.camunda.bpm.engine.impl.history.event.HistoryEventTypes;
import org.camunda.bpm.engine.impl.interceptor.CommandContext;
import org.camunda.bpm.engine.impl.persistence.entity.IdentityLinkEntity;
import org.camunda.bpm.engine.task.IdentityLinkType;

/**
 * The candidates of tasks that a command has made, where the engine's history level has no events of them. They are
 * among what the command is about to insert, so no statement is needed.
 */
final class Candidates {

  private Candidates() {}

  /** @param tasks the creations by the tasks' ids */
  static void addTo(Map<String, JsonObject> tasks, CommandContext commandContext) {
    HistoryLevel level = commandContext.getProcessEngineConfiguration().getHistoryLevel();
    if (level.isHistoryEventProduced(HistoryEventTypes.IDENTITY_LINK_ADD, null)) {
      return;
    }
    Map<String, List<IdentityLinkEntity>> links =
        commandContext.getDbEntityManager().getDbEntityCache().getCachedEntities().stream()
            .filter(cached -> cached.getEntityState() == DbEntityState.TRANSIENT)
            .map(CachedDbEntity::getEntity)
            .filter(IdentityLinkEntity.class::isInstance)
            .map(IdentityLinkEntity.class::cast)
            .filter(link -> IdentityLinkType.CANDIDATE.equals(link.getType()) && tasks.containsKey(link.getTaskId()))
            .collect(Collectors.groupingBy(IdentityLinkEntity::getTaskId));
    links.forEach((task, of) -> tasks.get(task)
        .field("candidateUsers", named(of, IdentityLinkEntity::getUserId))
        .field("candidateGroups", named(of, IdentityLinkEntity::getGroupId)));
  }

  private static Collection<String> named(List<IdentityLinkEntity> links, Function<IdentityLinkEntity, String> name) {
    return links.stream().map(name).filter(Objects::nonNull).sorted().toList();
  }
}
