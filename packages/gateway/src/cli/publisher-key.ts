import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { hashOfKey, publisherList } from '../auth/publishers.ts';
import { UsageError } from './usage.ts';

/** `publisher-key`: makes a key for a publisher, and says by which entry of `PUBLISHERS` the gateway knows it. */
export function publisherKey(args: string[]): string {
  const { values } = parseArgs({
    args,
    options: {
      name: { type: 'string', default: 'publisher' },
      types: { type: 'string' },
      sources: { type: 'string' },
      domains: { type: 'string' },
    },
  });
  const key = `nbp_${randomBytes(32).toString('base64url')}`;
  const list = (text: string | undefined): string[] | undefined =>
    text
      ?.split(',')
      .map((part) => part.trim())
      .filter(Boolean);
  const entry = {
    name: values.name,
    keys: [hashOfKey(key)],
    types: list(values.types),
    sources: list(values.sources),
    domains: list(values.domains),
  };
  const checked = publisherList.safeParse([entry]);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new UsageError(`--${String(issue!.path[1] ?? 'name')}: ${issue!.message}`);
  }
  // The key itself is nowhere else: who loses it makes another one.
  return [`key     ${key}`, `sha256  ${entry.keys[0]}`, `entry   ${JSON.stringify(entry)}`].join('\n');
}
