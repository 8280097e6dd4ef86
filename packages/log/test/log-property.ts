import type { Room, Subject } from '@netbuild/realtime-protocol';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Entry, Group, Log, Read } from '../src/index.ts';
import { everything, seqsOf, upTo } from './contract/samples.ts';
import type { OpenLog } from './contract/subject.ts';
import { ModelLog } from './model.ts';

const SUBJECTS: Subject[] = ['task/a', 'task/b', 'process/c', 'message/d'];
const ROOMS: Room[] = ['user:al', 'user:bob', 'group:g', 'process:p'];
const KEYS = upTo(25).map((n) => `fact/${n}`);

const rooms = fc.subarray(ROOMS);
const event = fc.record({
  subject: fc.constantFrom(undefined, ...SUBJECTS),
  rooms,
  left: rooms,
  open: fc.boolean(),
});
const group = fc.record({
  key: fc.constantFrom(...KEYS),
  digest: fc.constantFrom(undefined, undefined, 'one', 'two'),
  events: fc.array(event, { maxLength: 3 }),
  /** Of these rows it says what its publisher saw last; an earlier group of the append is named where there is one. */
  reads: fc.array(fc.constantFrom(...SUBJECTS), { maxLength: 2 }),
});
const publisher = fc.nat({ max: 2 });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      /** Sent without waiting for one another. */
      appends: fc.array(fc.record({ publisher, groups: fc.array(group, { maxLength: 4 }) }), {
        minLength: 1,
        maxLength: 4,
      }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ look: publisher }) },
  { weight: 1, arbitrary: fc.constant('reopen' as const) },
);

type Seen = Map<Subject, number>;
type DrawnGroup = typeof group extends fc.Arbitrary<infer T> ? T : never;

/** Holds a log to its model, whoever appends with whatever stale rows and repeated keys. */
export async function expectLikeModel(open: OpenLog): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const subject = await open();
      const model = new ModelLog();
      const seen: Seen[] = [new Map(), new Map(), new Map()];
      let { log } = subject;
      const heard: Entry[] = [];
      const listen = () => log.watch((_, entries) => heard.push(...entries));
      listen();
      try {
        for (const doing of steps) {
          if (doing === 'reopen') {
            log = await subject.reopen!();
            listen();
          } else if ('look' in doing) {
            for (const row of await log.rows('acme', SUBJECTS)) seen[doing.look]!.set(row.subject, row.seq);
          } else {
            const appends = doing.appends.map(({ publisher, groups }) => toGroups(groups, seen[publisher]!));
            const answers = await Promise.all(appends.map((groups) => log.append('acme', groups)));
            expect(answers.map((answer) => answer.groups)).toEqual(
              appends.map((groups) => model.append(groups)),
            );
          }
          expect((await log.head('acme')).seq).toBe(model.entries.length);
        }
        expect(heard).toEqual(model.entries);
        await expectSame(log, model);
      } finally {
        await subject.dispose();
      }
    }),
    { numRuns: 40, interruptAfterTimeLimit: 15_000 },
  );
}

let bodies = 0;

function toGroups(drawn: DrawnGroup[], seen: Seen): Group[] {
  return drawn.map(({ key, digest, events, reads }, index) => ({
    key,
    ...(digest !== undefined && { digest }),
    reads: reads.map((subject): Read => {
      const earlier = drawn.findLastIndex(
        (other, at) => at < index && other.events.some((one) => one.subject === subject),
      );
      return earlier < 0 ? { subject, seq: seen.get(subject) ?? 0 } : { subject, group: earlier };
    }),
    events: events.map(({ subject, ...rest }) => ({
      ...(subject && { subject }),
      ...rest,
      body: JSON.stringify({ n: ++bodies }),
    })),
  }));
}

/** Whatever can be read is what the model has. */
async function expectSame(log: Log, model: ModelLog): Promise<void> {
  const { entries } = model;
  expect(await everything(log, 'acme', undefined, 3)).toEqual(entries);
  expect(seqsOf(entries)).toEqual(upTo(entries.length));
  const rows = SUBJECTS.map((subject) => model.row(subject)).filter((row) => row !== undefined);
  expect(await log.rows('acme', SUBJECTS)).toEqual(rows);
  for (const room of ROOMS) {
    const inRoom = entries.filter((entry) => [...entry.rooms, ...entry.left].includes(room));
    expect(await everything(log, 'acme', [room], 2)).toEqual(inRoom);
    expect((await log.readBack('acme', { room, limit: 5 })).entries).toEqual(inRoom.slice(-5));
    const shown = rows.filter((row) => row.open && row.rooms.includes(room));
    const snapshot = await log.snapshot('acme', { rooms: [room], limit: 9 });
    expect(snapshot.rows).toEqual(shown.sort((a, b) => (a.subject < b.subject ? -1 : 1)));
    const others = ROOMS.filter((other) => other !== room);
    const meets = shown.some((row) => row.rooms.some((other) => other !== room));
    expect((await log.meeting('acme', room, others)) !== undefined).toBe(meets);
  }
}
