import { readdirSync, readFileSync } from 'node:fs';
import type { EngineCommand, Fact } from '@netbuild/realtime-protocol';
import { mapCommand } from '../../src/index.ts';

/** What an engine's plugin has posted while a scenario was played. */
export interface Recording {
  /** The scenario; at a level below `full`, and of another engine than Camunda, their folders before it. */
  name: string;
  /** `camunda 7.24.0` */
  engine: string;
  historyLevel: 'full' | 'audit' | 'activity' | 'none';
  commands: EngineCommand[];
}

const FOLDER = new URL('../recordings/', import.meta.url);

/** Every recording, by name. */
export const recordings: readonly Recording[] = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => {
    const { engine, historyLevel, posts } = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as {
      engine: string;
      historyLevel: Recording['historyLevel'];
      posts: { commands: EngineCommand[] }[];
    };
    const commands = posts.flatMap(({ commands }) => commands);
    return { name: file.replace('.json', ''), engine, historyLevel, commands };
  });

/** One recording. */
export function recording(name: string): Recording {
  return recordings.find((one) => one.name === name)!;
}

/** The facts that a command comes to. */
export function factsOf(command: EngineCommand): Fact[] {
  return mapCommand('default', command).facts.map(({ fact }) => fact);
}

/** Gives each id of the engine a short name, in the order in which they come: p1, t1. */
function createNames() {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  return (letter: string, id: unknown): string => {
    const known = names.get(String(id));
    if (known) return known;
    const count = (counts.get(letter) ?? 0) + 1;
    counts.set(letter, count);
    names.set(String(id), `${letter}${count}`);
    return `${letter}${count}`;
  };
}

/**
 * A scenario as lines, one a command: who did it, and what it came to. `+review` is an activity that a token
 * has reached, `-review` one that it has left, `x review` one that was interrupted.
 */
export function story({ commands }: Recording): string {
  const name = createNames();
  const tell = ({ type, data }: Fact): string => {
    const said = data as Record<string, unknown>;
    const { canceled, activityId, assignee } = said;
    if (type === 'activity:started') return `+${activityId}`;
    if (type === 'activity:completed') return `${canceled ? 'x ' : '-'}${activityId}`;
    if (said.incidentId) return `${type} ${name('i', said.incidentId)}`;
    if (!said.taskId) return `${type} ${name('p', said.processInstanceId)}`;
    return `${type} ${name('t', said.taskId)}${assignee === undefined ? '' : ` (${assignee ?? 'nobody'})`}`;
  };
  return commands
    .map((command) => `${command.userId ?? '-'}: ${factsOf(command).map(tell).join(', ')}`)
    .join('\n');
}
