import { randomUUID } from 'node:crypto';
import type { Rest } from '@netbuild/realtime-engine';
import type { Log } from '@netbuild/realtime-log';
import { type ProcessData, parseRoom, type Room, subject } from '@netbuild/realtime-protocol';
import { dataOf } from '../rows.ts';
import type { Admission } from '../sockets/admission.ts';
import type { Actor } from './actor.ts';

/** Asks engines whether a person may see what a room is of; `holds`: for how many milliseconds the answer counts. */
export type AskEngine = (actor: Actor, name: Room) => Promise<{ may: boolean; holds: number } | undefined>;

/** What asking needs. */
export interface AskEngineTools {
  log: Pick<Log, 'rows'>;
  /** Each with an account that may read authorizations. */
  engines: readonly Pick<Rest, 'read'>[];
  /** Milliseconds for which an answer counts. */
  holds: number;
  /** Lets so many questions be asked at once. */
  places: Admission;
}

/** The engine's numbers for what permissions are about. */
const RESOURCES = { processDefinition: 6, processInstance: 8 } as const;

/** What may be asked about somebody. */
interface Question {
  permission: 'READ' | 'READ_INSTANCE';
  resource: keyof typeof RESOURCES;
  id: string;
}

/** Answers that are remembered; beyond it the oldest go. */
const MOST_ANSWERS = 10_000;

/**
 * Asks engines in the name of a person: `GET /authorization/check` with their id. Where authorization is switched off
 * that says yes to everything, so a user who does not exist is asked for first, and an engine that lets that one is
 * not believed.
 */
export function createAskEngine({ log, engines, holds, places }: AskEngineTools): AskEngine {
  /** By question, and by engine for whether it is believed; an answer counts from when it was asked for. */
  const answers = new Map<string, { may: Promise<boolean>; until: number }>();

  function remembered(key: string, ask: () => Promise<boolean>): { may: Promise<boolean>; until: number } {
    const known = answers.get(key);
    if (known && known.until > Date.now()) return known;
    const fresh = { may: ask(), until: Date.now() + holds };
    // What has no answer is asked again.
    fresh.may.catch(() => answers.get(key) === fresh && answers.delete(key));
    answers.delete(key);
    answers.set(key, fresh);
    if (answers.size > MOST_ANSWERS) answers.delete(answers.keys().next().value!);
    return fresh;
  }

  async function check(engine: Pick<Rest, 'read'>, userId: string, { permission, resource, id }: Question) {
    const query = {
      userId,
      permissionName: permission,
      resourceName: resource,
      resourceType: RESOURCES[resource],
      resourceId: id,
    };
    const said = await places.run(() => engine.read<{ authorized?: unknown }>('/authorization/check', query));
    return said.authorized === true;
  }

  async function isBelieved(engine: Pick<Rest, 'read'>, n: number): Promise<boolean> {
    const nobody = `nobody-${randomUUID()}`;
    const asked = { permission: 'READ', resource: 'processDefinition', id: 'nothing' } as const;
    return remembered(`${n}`, async () => !(await check(engine, nobody, asked))).may;
  }

  async function questionsFor(actor: Actor, name: Room): Promise<Question[]> {
    const { kind, id } = parseRoom(name)!;
    if (kind === 'definition') return [{ permission: 'READ', resource: 'processDefinition', id }];
    const [row] = await log.rows(actor.domainId, [subject('process', id)]);
    const data = row && dataOf<ProcessData>(row);
    return [
      { permission: 'READ', resource: 'processInstance', id },
      // Of one that is not there the same is asked as of any other.
      { permission: 'READ_INSTANCE', resource: 'processDefinition', id: data?.processDefinitionKey ?? id },
    ];
  }

  return async (actor, name) => {
    if (!/^(process|definition):/.test(name)) return undefined;
    const answer = remembered(JSON.stringify([actor.domainId, actor.userId, name]), async () => {
      const questions = await questionsFor(actor, name);
      const said = await Promise.all(
        engines.map(async (engine, n) => {
          if (!(await isBelieved(engine, n))) return false;
          const each = await Promise.all(questions.map((one) => check(engine, actor.userId, one)));
          return each.includes(true);
        }),
      );
      return said.includes(true);
    });
    // No answer is a refusal.
    const may = await answer.may.catch(() => false);
    return { may, holds: Math.max(0, answer.until - Date.now()) };
  };
}
