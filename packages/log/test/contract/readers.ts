import { expect, test } from 'vitest';
import { soon } from '../soon.ts';
import { event, group, trimAll, upTo } from './samples.ts';
import type { Current } from './subject.ts';

export function readers(current: Current): void {
  const floorAt = async (count: number, waiting?: number) =>
    (
      await trimAll(current.log, 'acme', {
        events: { count },
        ...(waiting !== undefined && { waiting: { count: waiting } }),
      })
    ).floor;

  test('what a registered reader still needs is kept for it, until it has it or takes its leave', async () => {
    const { log } = current;
    await log.append('acme', [group(upTo(10).map((n) => event(`${n}`)))]);
    await log.keepFor('acme', 'slow', 2);
    await log.keepFor('acme', 'quick', 9);
    expect(await floorAt(0)).toBe(2);
    await log.keepFor('acme', 'slow', 5);
    expect(await floorAt(0)).toBe(5);
    expect(await floorAt(6)).toBe(5);
    await log.keepFor('acme', 'slow', undefined);
    await log.keepFor('acme', 'unknown', undefined);
    expect(await floorAt(0)).toBe(9);
  });

  test('readers are waited for up to a limit, and who is left behind is named', async () => {
    const { log } = current;
    await log.append('acme', [group(upTo(10).map((n) => event(`${n}`)))]);
    for (const [reader, seq] of [
      ['b', 3],
      ['a', 0],
      ['c', 8],
    ] as const)
      await log.keepFor('acme', reader, seq);
    expect(await trimAll(log, 'acme', { events: { count: 1 }, waiting: { count: 4 } })).toEqual({
      floor: 6,
      more: false,
      behind: [
        { reader: 'a', seq: 0 },
        { reader: 'b', seq: 3 },
      ],
    });
    // They hear it again until they have caught up, and hold up nothing that is within the limit.
    await log.keepFor('acme', 'a', 10);
    expect(await log.trim('acme', {})).toEqual({ floor: 6, more: false, behind: [{ reader: 'b', seq: 3 }] });
    expect(await floorAt(0, 4)).toBe(6);
  });

  test('readers are waited for by age, too', async () => {
    const { log } = current;
    await log.append('acme', [group([event('a')])]);
    await log.keepFor('acme', 'gone', 0);
    await trimAll(log, 'acme', { events: { age: 0 }, waiting: { age: 3_600_000 } });
    expect(await log.head('acme')).toMatchObject({ floor: 0 });
    await soon(async () =>
      expect(await trimAll(log, 'acme', { events: { age: 0 }, waiting: { age: 1 } })).toMatchObject({
        floor: 1,
        behind: [{ reader: 'gone', seq: 0 }],
      }),
    );
  });

  test('readers are of one domain, and are remembered', async () => {
    const { log } = current;
    for (const domain of ['acme', 'other']) await log.append(domain, [group([event('a')])]);
    await log.keepFor('acme', 'one\u0000\ud800', 0);
    const again = await current.reopen();
    expect(await trimAll(again!, 'other', { events: { count: 0 } })).toMatchObject({ floor: 1 });
    expect(await floorAt(0)).toBe(0);
    expect(await trimAll(again!, 'acme', { events: { count: 0 }, waiting: { count: 0 } })).toMatchObject({
      behind: [{ reader: 'one\u0000\ud800', seq: 0 }],
    });
  });
}
