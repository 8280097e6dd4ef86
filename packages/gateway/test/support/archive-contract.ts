import type { Subject } from '@netbuild/realtime-protocol';
import { expect, test } from 'vitest';
import { type Archived, type ArchiveStore, TurnOver } from '../../src/archive/store.ts';

/** A message at a place; its body says which. */
function archived(seq: number, id = `${seq}`): Archived {
  return { seq, subject: `message/${id}`, body: JSON.stringify({ id, seq, said: 'päper \ud83d\ude80' }) };
}

let domains = 0;

/** What every store of messages must do. */
export function describeArchiveStore(open: () => ArchiveStore): void {
  /** A domain that no other test knows, with a name that is not easy to keep. */
  const begin = async () => {
    const store = open();
    const domain = `acme/${++domains}\ud800 "`;
    return { store, domain, turn: await store.take(domain) };
  };
  const places = async (store: ArchiveStore, domain: string) =>
    (
      await store.at(
        domain,
        Array.from({ length: 50 }, (_, n) => n),
      )
    )
      .map(({ seq }) => seq)
      .sort((a, b) => a - b);

  test('what is put is there, to the letter, at its place and in its domain alone', async () => {
    const { store, domain, turn } = await begin();
    const odd = { ...archived(3), subject: 'message/\ud800\u0000' as Subject };
    await turn.put([archived(2), odd, archived(40)]);
    const found = await store.at(domain, [1, 2, 3, 9]);
    expect(found.sort((a, b) => a.seq - b.seq)).toEqual([archived(2), odd]);
    for (const other of [`${domain}/`, domain.slice(0, -1), domain.replace('\ud800', '\ud801')])
      expect(await store.at(other, [2])).toEqual([]);
    expect(await store.at(domain, [])).toEqual([]);
    expect(await turn.list(2, 40, 9)).toEqual([
      { seq: 3, subject: odd.subject },
      { seq: 40, subject: 'message/40' },
    ]);
    expect(await turn.list(0, 39, 1)).toEqual([{ seq: 2, subject: 'message/2' }]);
  });

  test('a part that is replaced is exactly what it is replaced by, and the rest stays', async () => {
    const { store, domain, turn } = await begin();
    await turn.put([1, 2, 3, 4, 5, 6].map((seq) => archived(seq)));
    await turn.replace(2, 5, [archived(3, 'other'), archived(5)]);
    expect(await places(store, domain)).toEqual([1, 2, 3, 5, 6]);
    expect(await store.at(domain, [3])).toEqual([archived(3, 'other')]);
    await turn.replace(2, Number.MAX_SAFE_INTEGER, []);
    expect(await places(store, domain)).toEqual([1, 2]);
  });

  test('what is erased is gone before a place, and what is removed at its own', async () => {
    const { store, domain, turn } = await begin();
    await turn.put([
      archived(1, 'a'),
      archived(2, 'b'),
      archived(3, 'a'),
      archived(4, 'a'),
      archived(5, 'c'),
    ]);
    await store.erase(domain, ['message/a', 'message/none'], 4);
    expect(await places(store, domain)).toEqual([2, 4, 5]);
    await turn.erase(['message/b', 'message/c'], 5);
    expect(await places(store, domain)).toEqual([4, 5]);
    await turn.remove([5, 9]);
    await turn.remove([]);
    expect(await places(store, domain)).toEqual([4]);
  });

  test('a position is what the last one has reached, and belongs to the turn', async () => {
    const { store, domain, turn } = await begin();
    expect(turn.reached).toBe(undefined);
    await turn.reach({ epoch: 'one', seq: 7 });
    await turn.reach({ epoch: 'two', seq: 0 });
    const next = await store.take(domain);
    expect(next.reached).toEqual({ epoch: 'two', seq: 0 });
    await expect(turn.reach({ epoch: 'two', seq: 9 })).rejects.toThrow(TurnOver);
    await next.reach({ epoch: 'two', seq: 1 });
    expect((await store.take(domain)).reached).toEqual({ epoch: 'two', seq: 1 });
  });

  test('who has lost the turn writes over nothing, and removes nothing, that came in the next one', async () => {
    const { store, domain, turn } = await begin();
    await turn.put([archived(1), archived(2)]);
    const next = await store.take(domain);
    await next.put([archived(2, 'newer'), archived(3, 'newer')]);
    await expect(turn.put([archived(2), archived(4)])).rejects.toThrow(TurnOver);
    await turn.remove([2, 3]);
    await turn.erase(['message/newer'], 9);
    await turn.replace(1, 9, []).catch(() => undefined);
    expect((await store.at(domain, [2, 3])).map(({ subject }) => subject)).toEqual([
      'message/newer',
      'message/newer',
    ]);
    // It goes on with what there was.
    await next.put([archived(1, 'newer')]);
    await next.remove([1, 2, 3]);
    expect(await places(store, domain)).toEqual([]);
  });

  test('who is named is found wherever it is, and nobody else', async () => {
    const { store, domain, turn } = await begin();
    const naming = (seq: number, ...mentions: string[]) => ({
      seq,
      subject: `message/${seq}` as Subject,
      body: JSON.stringify({ mentions }),
    });
    await turn.put([
      naming(1, 'al.*'),
      naming(2, 'alice'),
      naming(3, 'al'),
      naming(4, 'bob', 'al.*'),
      naming(5, 'x"y'),
    ]);
    const found = async (...texts: string[]) => {
      const all: Subject[] = [];
      for await (const some of store.naming(
        domain,
        texts.map((text) => JSON.stringify(text)),
      ))
        all.push(...some);
      return all.sort();
    };
    expect(await found('al.*')).toEqual(['message/1', 'message/4']);
    expect(await found('al', 'x"y')).toEqual(['message/3', 'message/5']);
    expect(await found('carol')).toEqual([]);
  });
}
