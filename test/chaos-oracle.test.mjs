import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { livesOf } from '../chaos/oracle/lives.mjs';
import { judgeReader } from '../chaos/oracle/reader.mjs';

const ROOM = 'execution:e1';

/** A log of one room; an event's print is its place, and another one's where a life was lost. */
function logOf(head, lives) {
  const entries = Array.from({ length: head }, (_, i) => ({
    seq: i + 1,
    rooms: [ROOM],
    left: [],
    print: i + 1,
  }));
  return {
    entries,
    head,
    lives: livesOf(
      lives,
      lives.map(({ epoch }) => epoch),
    ),
  };
}

const ONE_LIFE = [{ epoch: 'a', from: 1 }];
/** The second life has lost what stood at 3 and behind. */
const LOSSY = [...ONE_LIFE, { epoch: 'b', from: 3 }];

const answer = (since, epoch, seq, recovered) => [
  'answer',
  [ROOM],
  since,
  { epoch, seq, recovered, entered: [ROOM] },
];
const ask = (since, isFirst = false) => ['ask', [ROOM], since, isFirst];
const LIVE = ['status', 'live', 0, null];
const BEGINNING = [ask(null, true), answer(null, 'a', 0, false), LIVE, ['life', 'a']];
const events = (...seqs) => seqs.map((seq) => ['event', seq, seq]);
const lost = (seq) => ['event', seq, -seq];

/** What the oracle says of a reader's notes. */
async function findingsOf(truth, ...notes) {
  const folder = await mkdtemp(path.join(tmpdir(), 'oracle-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'client.jsonl');
  const lines = [...BEGINNING, ...notes, ['end', 'live', null]];
  await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const kinds = [];
  await judgeReader({ name: 'a reader', file, truth, log: undefined, report: (kind) => kinds.push(kind) });
  return kinds;
}

test('who was told each event once, in order, is right', async () => {
  expect(await findingsOf(logOf(3, ONE_LIFE), ...events(1, 2, 3))).toEqual([]);
});

test('a loss, a double and disorder are found', async () => {
  const truth = logOf(4, ONE_LIFE);
  expect(await findingsOf(truth, ...events(1, 2, 4))).toEqual(['lost']);
  expect(await findingsOf(truth, ...events(1, 2, 2, 3, 4))).toEqual(['doubled']);
  expect(await findingsOf(truth, ...events(1, 3, 2, 4))).toEqual(['disordered']);
  expect(await findingsOf(truth, ...events(1, 2, 3), lost(4))).toContain('strayed');
});

test('a fresh start without a reason is found, by the server or by the client', async () => {
  const truth = logOf(4, [...ONE_LIFE, { epoch: 'b', from: 4 }]);
  const byServer = [ask('a:3', true), answer('a:3', 'b', 3, false), LIVE, ...events(4)];
  expect(await findingsOf(truth, ...events(1, 2, 3), ...byServer)).toEqual(['unexplained']);
  const byClient = [ask('a:2', true), answer('a:2', 'b', 3, true), ask(null), answer(null, 'b', 3, false)];
  expect(await findingsOf(truth, ...events(1, 2, 3), ...byClient, ...events(4))).toEqual(['unexplained']);
});

test('who holds what a failover has lost must be told', async () => {
  const truth = logOf(4, LOSSY);
  const told = [ask('a:4', true), answer('a:4', 'b', 3, false), LIVE, ['life', 'b'], ...events(4)];
  expect(await findingsOf(truth, ...events(1, 2), lost(3), lost(4), ...told)).toEqual([]);
  const untold = [ask('a:2', true), answer('a:2', 'b', 4, true), ['life', 'b'], ...events(3, 4), LIVE];
  expect(await findingsOf(truth, ...events(1, 2), lost(3), ...untold)).toEqual(['unexplained']);
  const wrong = [ask('a:3', true), answer('a:3', 'b', 4, true), ['life', 'b'], ...events(4), LIVE];
  expect(await findingsOf(truth, ...events(1, 2), lost(3), ...wrong)).toContain('unexplained');
});

test('what was lost, sent again and came to the same place is no double after a fresh start', async () => {
  const truth = logOf(4, LOSSY);
  const told = [ask('a:3', true), answer('a:3', 'b', 2, false), LIVE, ['life', 'b'], ...events(3, 4)];
  expect(await findingsOf(truth, ...events(1, 2, 3), ...told)).toEqual([]);
});

test('what came of a room in a life that was lost, and stands there again, was right when it came', async () => {
  const visited = 'execution:e2';
  const truth = logOf(4, LOSSY);
  truth.entries[2].rooms = [visited];
  const visit = [
    ['hold', visited],
    ['ask', [visited], null, false],
    ['answer', [visited], null, { epoch: 'a', seq: 2, recovered: false, entered: [visited] }],
    ['page'],
  ];
  // Its snapshot was under way when the connection broke: the next one asks first for what was whole.
  const back = [ask('a:2', true), answer('a:2', 'b', 4, true), ['life', 'b'], ...events(4), LIVE];
  expect(await findingsOf(truth, ...events(1, 2), ...visit, ...events(3), ...back)).toEqual([]);
  expect(await findingsOf(truth, ...events(1, 2), ...back, ...events(3))).toContain('strayed');
});
