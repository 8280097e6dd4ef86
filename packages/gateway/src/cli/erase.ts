import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { asker } from './asking.ts';
import { UsageError } from './usage.ts';

/** `erase`: removes what is of a person, what a room shows, or a message, by a running gateway, with `PUBLISH_KEY`. */
export async function erase(args: string[], environment: NodeJS.ProcessEnv): Promise<string> {
  const { values } = parseArgs({
    args,
    options: {
      user: { type: 'string' },
      message: { type: 'string' },
      room: { type: 'string' },
      domain: { type: 'string' },
      url: { type: 'string' },
    },
  });
  const { user, message: messageId, room, domain, url } = values;
  const said = Object.entries({ user, messageId, room }).filter(([, value]) => value !== undefined);
  if (said.length !== 1) throw new UsageError('What? Say one of --user, --message and --room.');
  const ask = asker('/v1/events', url, environment);
  const { epoch, seq } = await ask<{ epoch: string; seq: number }>('POST', '', {
    specversion: '1.0',
    id: randomUUID(),
    source: 'erase',
    type: 'data:erased',
    data: Object.fromEntries(said),
    ...(domain && { domain }),
  });
  const [[, what] = []] = said;
  return `erased: ${what}, as of ${epoch}:${seq}`;
}
