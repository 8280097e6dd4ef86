import type { Room, Subject } from '@netbuild/realtime-protocol';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Entry, Group, Log, Read } from '../src/index.ts';
import { allRows, everything, seqsOf, trimAll, upTo } from './contract/samples.ts';
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
  erases: fc.oneof(
    { weight: 6, arbitrary: fc.constant<(Subject | number)[]>([]) },
    {
      weight: 1,
      arbitrary: fc.array(fc.oneof(fc.constantFrom(...SUBJECTS), fc.integer({ min: 1, max: 40 })), {
        maxLength: 3,
      }),
    },
  ),
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
  {
    weight: 1,
    arbitrary: fc.record({
      trim: fc.nat({ max: 8 }),
      waiting: fc.option(fc.nat({ max: 8 }), { nil: undefined }),
    }),
  },
  {
    weight: 1,
    /** So many behind the head; none: it takes its leave. */
    arbitrary: fc.record({
      reader: fc.constantFrom('one', 'two'),
      behind: fc.option(fc.nat({ max: 9 }), { nil: undefined }),
    }),
  },
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
          } else if ('trim' in doing) {
            const { trim: count, waiting } = doing;
            const retention = {
              events: { count },
              ...(waiting !== undefined && { waiting: { count: count + waiting } }),
            };
            const { behind } = await trimAll(log, 'acme', retention);
            expect(behind.map(({ reader }) => reader)).toEqual(model.trim(retention).sort());
          } else if ('reader' in doing) {
            const { reader, behind } = doing;
            const at = behind === undefined ? undefined : Math.max(0, model.entries.length - behind);
            await log.keepFor('acme', reader, at);
            if (at === undefined) model.readers.delete(reader);
            else model.readers.set(reader, at);
          } else {
            const appends = doing.appends.map(({ publisher, groups }) => toGroups(groups, seen[publisher]!));
            const answers = await Promise.all(appends.map((groups) => log.append('acme', groups)));
            expect(answers.map((answer) => answer.groups)).toEqual(
              appends.map((groups) => model.append(groups)),
            );
          }
          const { length } = model.entries;
          expect(await log.head('acme')).toMatchObject({ seq: length, floor: model.floor });
        }
        expect(heard).toEqual(model.written);
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
  return drawn.map(({ key, digest, events, reads, erases }, index) => ({
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
    ...(erases.length > 0 && { erases }),
  }));
}

/** Whatever can be read is what the model has. */
async function expectSame(log: Log, model: ModelLog): Promise<void> {
  const { readable, history } = model;
  expect(await everything(log, 'acme', undefined, 3)).toEqual(readable);
  expect(seqsOf(model.entries)).toEqual(upTo(model.entries.length));
  const rows = SUBJECTS.map((subject) => model.row(subject)).filter((row) => row !== undefined);
  expect(await log.rows('acme', SUBJECTS)).toEqual(rows);
  expect(await allRows(log, 'acme', 2)).toEqual(new Map(rows.map((row) => [row.subject, row])));
  for (const room of ROOMS) {
    const isInRoom = ({ rooms, left }: Entry) => [...rooms, ...left].includes(room);
    expect(await everything(log, 'acme', [room], 2)).toEqual(readable.filter(isInRoom));
    const back = await log.readBack('acme', { room, limit: 5 });
    expect(back.entries).toEqual(history.filter(isInRoom).slice(-5));
    expect(back.more).toBe(history.filter(isInRoom).length > 5);
    const shown = rows.filter((row) => row.open && row.rooms.includes(room));
    const snapshot = await log.snapshot('acme', { rooms: [room], limit: 9 });
    expect(snapshot.rows).toEqual(shown.sort((a, b) => (a.subject < b.subject ? -1 : 1)));
    const others = ROOMS.filter((other) => other !== room);
    const met = shown.filter((row) => row.rooms.some((other) => other !== room));
    const meetings = await log.meetings('acme', room, others, 50);
    expect(meetings.rows.sort((a, b) => (a.subject < b.subject ? -1 : 1))).toEqual(met);
    if (met.length > 1) expect(await log.meetings('acme', room, others, 1)).toMatchObject({ more: true });
  }
}
