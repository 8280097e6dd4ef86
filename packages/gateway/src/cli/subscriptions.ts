import { parseArgs } from 'node:util';
import type { SubscriptionStatus } from '../outbound/outbound.ts';
import { asker } from './asking.ts';
import { UsageError } from './usage.ts';

/** `subscriptions`: shows how far services have been told, and goes on with one, by a running gateway, with `PUBLISH_KEY`. */
export async function subscriptions(
  args: string[],
  environment: NodeJS.ProcessEnv,
  write: (text: string) => void,
): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { url: { type: 'string' } },
  });
  const [verb = 'list', ...names] = positionals;
  const ask = asker('/v1/subscriptions', values.url, environment);
  if (verb === 'list') {
    const { subscriptions: all } = await ask<{ subscriptions: SubscriptionStatus[] }>('GET', '');
    write(all.map(line).join('') || 'There are no subscriptions.\n');
  } else if (verb === 'resume') {
    if (names.length === 0) throw new UsageError('Which one? netbuild-realtime subscriptions resume billing');
    for (const name of names) write(line(await ask('POST', `/${encodeURIComponent(name)}/resume`)));
  } else throw new UsageError(`subscriptions can list and resume; not ${verb}.`);
}

function line({ name, domain, behind, failing, gone }: SubscriptionStatus): string {
  const state =
    gone !== undefined
      ? `wants no more since ${gone}`
      : failing
        ? `fails since ${failing.since}: ${failing.why} (${failing.attempts} attempts)`
        : 'well';
  return `${name}\t${domain}\t${behind} behind\t${state}\n`;
}
