import { setTimeout as after } from 'node:timers/promises';
import type { EngineClient } from '@netbuild/realtime-engine';
import type { Log } from '@netbuild/realtime-log';
import type { TaskData } from '@netbuild/realtime-protocol';
import { subject } from '@netbuild/realtime-protocol';
import type { Publish } from '../ingest/publish.ts';
import { dataOf } from '../rows.ts';

/** Milliseconds between two steps of the sample. */
const PACE = 1500;

/** How often the sample workstream plays through; then it waits for people. */
const ROUNDS = 100;

/**
 * Plays a workstream that people can watch and take part in: alice and bob deliver something, step by step.
 * Each round is an execution of its own.
 */
export async function playSample(tools: {
  publish: Publish;
  engine: EngineClient;
  log: Log;
  domain: string;
  signal: AbortSignal;
}): Promise<void> {
  const { publish, engine, log, domain, signal } = tools;
  const say = (executionId: string, n: number, userId: string, content: string) =>
    publish(domain, [
      {
        source: 'sample',
        id: `${executionId}/${n}`,
        type: 'message:new',
        time: new Date().toISOString(),
        data: { messageId: `${executionId}/${n}`, executionId, userId, content },
      },
    ]);

  for (let round = 1; round <= ROUNDS && !signal.aborted; round++) {
    const executionId = `sample-${round}`;
    const participants = ['bob', 'alice'];
    const data = { executionId, title: `Sample delivery ${round}`, participants, createdBy: 'alice' };
    const time = new Date().toISOString();
    await publish(domain, [{ source: 'sample', id: executionId, type: 'execution:created', time, data }]);
    const { processInstanceId } = await engine.start({
      processDefinitionKey: 'sample',
      businessKey: executionId,
      variables: {},
    });
    await say(executionId, 1, 'alice', 'I have started the next delivery. Can you look at the requirements?');
    for (const [n, user] of participants.entries()) {
      await pause(signal);
      const taskId = await openTask(log, domain, processInstanceId);
      if (taskId === undefined) break;
      await engine.claim(taskId, user);
      await say(executionId, n + 2, user, n === 0 ? 'On it.' : 'Looks good, I approve.');
      await pause(signal);
      await engine.complete(taskId, {}).catch(() => undefined); // A person may have been faster.
    }
    await pause(signal);
  }
}

async function openTask(log: Log, domain: string, processInstanceId: string): Promise<string | undefined> {
  const { rows } = await log.snapshot(domain, { rooms: [`process:${processInstanceId}`], limit: 100 });
  const task = rows.find((row) => row.subject.startsWith(subject('task', '')));
  return task && dataOf<TaskData>(task).taskId;
}

function pause(signal: AbortSignal): Promise<unknown> {
  return after(PACE, undefined, { signal }).catch(() => undefined);
}
