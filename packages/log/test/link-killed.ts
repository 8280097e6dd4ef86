import { expect } from 'vitest';
import type { Log } from '../src/index.ts';
import { startLogProcess } from './child.ts';
import { everything, group, seqsOf, upTo } from './contract/samples.ts';
import { LINKED, taskOf } from './linking.ts';

/** A link republishes all open tasks, is killed half-way, and is repeated by another process: each task once. */
export async function expectLinkedOnce(where: string, open: () => Promise<Log>): Promise<void> {
  let log = await open();
  await log.append('acme', [group(upTo(LINKED).map(taskOf))]);
  await log.close();
  const half = LINKED / 2;
  await using killed = startLogProcess(where, 'begin-link');
  await killed.printed(half);
  await killed.kill();
  await using repeated = startLogProcess(where, 'link');
  await repeated.printed(1 + LINKED);

  const acknowledged = placesOf(killed.lines);
  const places = placesOf(repeated.lines);
  expect(acknowledged.size).toBeGreaterThan(half - 2);
  expect(acknowledged.size).toBeLessThan(LINKED);
  for (const [key, seq] of acknowledged) expect(places.get(key)).toBe(seq);
  expect([...places.values()].sort((a, b) => a - b)).toEqual(upTo(LINKED).map((n) => LINKED + n));

  await repeated.kill();
  log = await open();
  const entries = await everything(log, 'acme', ['execution:e'], 5000);
  expect(new Set(entries.map(({ subject }) => subject)).size).toBe(LINKED);
  expect(seqsOf(entries)).toEqual(upTo(LINKED).map((n) => LINKED + n));
  expect((await log.snapshot('acme', { rooms: ['execution:e'], limit: LINKED })).rows).toHaveLength(LINKED);
  await log.close();
}

/** The position under each key that was printed; a line that the kill cut short has none. */
function placesOf(lines: string[]): Map<string, number> {
  return new Map(
    lines.flatMap((line): [string, number][] => {
      const [, seq, key] = /^(\d+) (link-1\/task\/\d+)$/.exec(line) ?? [];
      return key === undefined ? [] : [[key, Number(seq)]];
    }),
  );
}
