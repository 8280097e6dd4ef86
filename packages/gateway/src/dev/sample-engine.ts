import { randomUUID } from 'node:crypto';
import {
  type EngineClient,
  type EngineDefinition,
  type EngineDiagram,
  mapCommand,
} from '@netbuild/realtime-engine';
import { type HistoryEvent, RealtimeError } from '@netbuild/realtime-protocol';
import type { Publish } from '../ingest/publish.ts';
import { sampleModel } from './sample-model.ts';

const STEPS = [
  { key: 'review', name: 'Review the requirements', group: 'developers' },
  { key: 'approve', name: 'Approve the release', group: 'leads' },
] as const;

const NAME = 'Sample delivery';

const definitionOf = (processDefinitionKey: string): EngineDefinition => ({
  processDefinitionId: `${processDefinitionKey}:1`,
  processDefinitionKey,
  name: NAME,
  version: 1,
});

const diagramOf = (processDefinitionKey: string): EngineDiagram => ({
  ...definitionOf(processDefinitionKey),
  xml: sampleModel(processDefinitionKey),
});

/** What the sample knows of an instance: whatever was asked for, the same two steps are played. */
interface SampleInstance {
  processInstanceId: string;
  processDefinitionId: string;
  processDefinitionKey: string;
  processDefinitionName: string;
}

interface SampleTask {
  id: string;
  instance: SampleInstance;
  step: number;
  assignee: string | null;
}

/**
 * A sample in place of a process engine, for `serve --dev` alone: two user tasks, one after the other, in memory.
 * What it reports has the shape of the plugin's rows and goes the same way from there.
 */
export function createSampleEngine(publish: Publish, domain: string): EngineClient {
  const tasks = new Map<string, SampleTask>();
  const ended = new Map<string, SampleTask>();
  const started = new Map<string, string>();

  async function report(events: HistoryEvent[]): Promise<void> {
    const { facts } = mapCommand('default', { id: randomUUID(), committedAt: Date.now(), events });
    await publish(
      domain,
      facts.map(({ fact }) => fact),
    );
  }

  function taskEvent(task: SampleTask, event: 'create' | 'update' | 'complete'): HistoryEvent {
    const { key, name } = STEPS[task.step]!;
    const { id, instance, assignee } = task;
    const end = event === 'complete' ? { deleteReason: 'completed', endTime: now() } : {};
    return {
      kind: 'task',
      event,
      id,
      name,
      taskDefinitionKey: key,
      approval: key === 'approve',
      assignee,
      ...instance,
      ...end,
    };
  }

  function begin(instance: SampleInstance, step: number): HistoryEvent[] {
    const task: SampleTask = { id: randomUUID(), instance, step, assignee: null };
    tasks.set(task.id, task);
    const { group } = STEPS[step]!;
    return [
      { kind: 'identityLink', event: 'add', taskId: task.id, groupId: group, type: 'candidate' },
      taskEvent(task, 'create'),
    ];
  }

  function open(taskId: string): SampleTask {
    const task = tasks.get(taskId);
    if (!task) throw new RealtimeError('engine_refused', { message: 'There is no such task.' });
    return task;
  }

  async function give(taskId: string, assignee: string | null): Promise<void> {
    const task = open(taskId);
    task.assignee = assignee;
    await report([taskEvent(task, 'update')]);
  }

  const complete: EngineClient['complete'] = async (taskId) => {
    const task = open(taskId);
    tasks.delete(taskId);
    ended.set(taskId, task);
    const { instance } = task;
    const next: HistoryEvent[] =
      task.step + 1 < STEPS.length
        ? begin(instance, task.step + 1)
        : [
            {
              kind: 'process',
              event: 'end',
              id: instance.processInstanceId,
              state: 'COMPLETED',
              endTime: now(),
              ...instance,
            },
          ];
    await report([taskEvent(task, 'complete'), ...next]);
  };

  return {
    claim: give,
    assign: give,
    unclaim: (taskId) => give(taskId, null),
    complete,
    submitForm: complete,
    async start({ processDefinitionKey, businessKey, command }) {
      const processInstanceId = randomUUID();
      if (command !== undefined) started.set(command, processInstanceId);
      const instance = {
        processInstanceId,
        processDefinitionId: `${processDefinitionKey}:1`,
        processDefinitionKey,
        processDefinitionName: NAME,
      };
      await report([
        {
          kind: 'process',
          event: 'start',
          id: processInstanceId,
          businessKey,
          startTime: now(),
          ...instance,
        },
        ...begin(instance, 0),
      ]);
      return { processInstanceId };
    },
    async correlate() {
      throw new RealtimeError('no_match');
    },
    async retry() {
      throw new RealtimeError('incident_closed');
    },
    async retryExternalTask() {
      throw new RealtimeError('not_found');
    },
    look: {
      async task(taskId) {
        const task = tasks.get(taskId) ?? ended.get(taskId);
        if (!task) return { state: 'gone' };
        return { state: tasks.has(taskId) ? 'open' : 'completed', assignee: task.assignee ?? undefined };
      },
      async started({ command }) {
        const processInstanceId = started.get(command);
        return processInstanceId === undefined ? 'none' : { processInstanceId };
      },
      correlated: async () => 'none',
      incident: async () => undefined,
    },
    forms: { of: async () => undefined },
    diagrams: {
      of: async (processDefinitionId) => diagramOf(processDefinitionId.replace(/:1$/, '')),
      newest: async (processDefinitionKey) => diagramOf(processDefinitionKey),
      list: async () => ({ definitions: [definitionOf('sample')], more: false }),
    },
  };
}

function now(): string {
  return new Date().toISOString();
}
