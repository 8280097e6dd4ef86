import { isPositionGood } from '@netbuild/realtime-protocol';
import { expect, test } from 'vitest';
import { openSqliteLog } from '../src/index.ts';
import { event, group } from './contract/samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('each opening begins a new life after the head, for each domain at its first touch', async () => {
  await using folder = await temporaryFolder();
  const open = () => openSqliteLog({ directory: folder.path });

  let log = await open();
  const first = await log.head('acme');
  await log.append('acme', [group([event('a'), event('b')])]);
  await log.append('quiet', [group([event('a')])]);
  expect((await log.head('acme')).lives).toEqual([{ epoch: first.epoch, from: 1 }]);
  await log.close();

  log = await open();
  const { epoch } = await log.append('acme', [group([event('c')])]);
  expect(epoch).not.toBe(first.epoch);
  const lives = [
    { epoch: first.epoch, from: 1 },
    { epoch, from: 3 },
  ];
  expect(await log.head('acme')).toEqual({ epoch, seq: 3, floor: 0, lives });
  await log.close();

  log = await open();
  const head = await log.head('acme');
  expect(head.lives).toEqual([...lives, { epoch: head.epoch, from: 4 }]);
  // It slept through the second opening, which so counts for nothing.
  expect((await log.head('quiet')).lives.map(({ from }) => from)).toEqual([1, 2]);
  await log.close();
});

test('a clean restart costs no position, and a rewound log is told from it', async () => {
  await using folder = await temporaryFolder();
  let log = await openSqliteLog({ directory: folder.path });
  const { epoch, seq } = await log.append('acme', [group([event('a'), event('b')])]);
  await log.close();
  log = await openSqliteLog({ directory: folder.path });
  const { lives } = await log.head('acme');
  expect(isPositionGood(lives, epoch, seq)).toBe(true);
  expect(isPositionGood(lives, epoch, seq + 1)).toBe(false);
  await log.close();
});

test('openings without any event leave an empty log with its first position good', async () => {
  await using folder = await temporaryFolder();
  const epochs: string[] = [];
  for (let opening = 0; opening < 3; opening++) {
    const log = await openSqliteLog({ directory: folder.path });
    const { epoch, lives } = await log.head('acme');
    epochs.push(epoch);
    expect(lives).toEqual(epochs.map((known) => ({ epoch: known, from: 1 })));
    expect(isPositionGood(lives, epochs[0]!, 0)).toBe(true);
    await log.close();
  }
  expect(new Set(epochs).size).toBe(3);
});
