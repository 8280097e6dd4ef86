import { expect, test } from 'vitest';
import { event, everything, group, seqsOf, upTo } from './samples.ts';
import type { Current } from './subject.ts';

export function bulk(current: Current): void {
  test('10,000 events in one append are written, in order', async () => {
    const { log } = current;
    const groups = upTo(1000).map((n) => group(upTo(10).map((k) => event(`${n}-${k}`))));
    const { seq, groups: results } = await log.append('acme', groups);
    expect(seq).toBe(10_000);
    expect(results.flatMap((result) => (result.status === 'new' ? result.seqs : []))).toEqual(upTo(10_000));
    expect(seqsOf(await everything(log, 'acme'))).toEqual(upTo(10_000));
    const page = await log.snapshot('acme', { rooms: ['process:p'], limit: 10_000 });
    expect(page.rows).toHaveLength(10_000);
  });
}
