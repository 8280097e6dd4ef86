import { createEngineClient } from '@netbuild/realtime-engine';
import type { Log } from '@netbuild/realtime-log';
import type { CommandAck } from '@netbuild/realtime-protocol';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { createPolicy } from '../../src/auth/policy.ts';
import { createCommands } from '../../src/commands/commands.ts';
import { COMMAND_LIMITS, type CommandLimits } from '../../src/commands/limits.ts';
import { createDelivery } from '../../src/delivery/delivery.ts';
import { createForms } from '../../src/forms/forms.ts';
import { createPublish } from '../../src/ingest/publish.ts';
import { DOMAIN } from './log.ts';

/** The commands of one gateway node, without its sockets. */
export interface Node {
  /** Sends a command as a person of the group `developers`. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of every shape.
  send(userId: string, name: string, input: object): Promise<any>;
  /** Carries out no more of what was left behind. */
  close(): Promise<void>;
}

/** As in use, so that on a busy machine nothing is lost to the clock; nobody sweeps unless it is asked for. */
const LIMITS: CommandLimits = { ...COMMAND_LIMITS, effect: 20, lookEvery: 25, sweepEvery: 3_600_000 };

/** Starts the commands of a node on a log, with an engine at an address. */
export function startNode(log: Log, url: string | undefined, limits: Partial<CommandLimits> = {}): Node {
  const all = { ...LIMITS, ...limits };
  const publish = createPublish(log);
  const delivery = createDelivery(log, DOMAIN, { lookEvery: 20 });
  const engine =
    url === undefined ? undefined : createEngineClient({ url, domain: DOMAIN, timeout: all.call });
  const engineOf = (name = 'default') => (name === 'default' ? engine : undefined);
  const forms = { check: createForms().check, values: { 'fill-form': ['verdict', 'tags'] } };
  const tools = { log, publish, policy: createPolicy(log), delivery, engineOf, forms, limits: all };
  const commands = createCommands(tools, pino({ level: 'silent' }));
  const close = async (): Promise<void> => {
    await commands.close();
    delivery.close();
  };
  onTestFinished(close);
  return {
    send: (userId, name, input): Promise<CommandAck> => {
      const actor = { userId, domainId: DOMAIN, groups: ['developers'], roles: [], rooms: [], expires: 0 };
      return commands.execute(actor, name, input);
    },
    close,
  };
}
