import type { Delivered, RealtimeEvent, Room, Subject } from '@netbuild/realtime-protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Store } from '../src/store.ts';

const LIMITS = { history: 500, ended: 1_000 };
const ROOMS: Room[] = ['execution:a', 'execution:b', 'execution:elsewhere'];
const isOurs = (room: Room) => room !== 'execution:elsewhere';

/** A log of tasks that move between rooms, and end. */
const logs = fc
  .array(
    fc.record({
      id: fc.nat({ max: 4 }),
      rooms: fc.subarray(ROOMS, { minLength: 1 }),
      ends: fc.boolean(),
      passes: fc.boolean(),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((steps) => {
    const newest = new Map<Subject, RealtimeEvent>();
    // What has ended stays so, where it is: a late fact changes nothing that is past it.
    const ended = new Set<number>();
    const going = steps.filter(({ id, ends }) => !ended.has(id) && (!ends || ended.add(id)));
    return going.map(({ id, rooms, ends, passes }, at): RealtimeEvent => {
      const subject: Subject = `task/${id}`;
      const before = newest.get(subject);
      const event: RealtimeEvent = {
        id: `log/${at}#0`,
        seq: at + 1,
        type: 'task:updated',
        time: new Date(at * 1_000).toISOString(),
        subject,
        rooms,
        left: (before?.rooms ?? []).filter((room) => !rooms.includes(room)),
        ...(ends ? { ended: true as const } : {}),
        ...(passes ? { passing: true as const } : {}),
        data: {
          taskId: String(id),
          state: ends ? 'completed' : 'open',
          candidateUsers: [],
          candidateGroups: [],
        },
      };
      newest.set(subject, event);
      return event;
    });
  });

function delivered(event: RealtimeEvent): Delivered[] {
  if (event.rooms.some(isOurs)) return [event];
  return event.left.some(isOurs) ? [{ seq: event.seq, subject: event.subject!, left: event.left }] : [];
}

function rowsAt(log: RealtimeEvent[], seq: number): RealtimeEvent[] {
  const newest = new Map(log.filter((event) => event.seq <= seq).map((event) => [event.subject, event]));
  return [...newest.values()].filter((row) => row.rooms.some(isOurs));
}

const shown = (store: Store) => [...store.rows()].map((row) => row.seq).sort((a, b) => a - b);
function applyAll(store: Store, items: Delivered[]): void {
  store.batch(() => {
    for (const item of items) store.apply(item);
  });
}

const newStore = () => new Store(isOurs, LIMITS);

test('rows and histories are the same whatever the order and the doubles of what arrives', () => {
  fc.assert(
    fc.property(logs, fc.infiniteStream(fc.nat()), (log, random) => {
      const all = log.flatMap(delivered);
      const shuffled = [...all, ...all.filter(() => random.next().value! % 3 === 0)]
        .map((item) => ({ item, at: random.next().value! }))
        .sort((a, b) => a.at - b.at)
        .map(({ item }) => item);
      const straight = newStore();
      const mixed = newStore();
      applyAll(straight, all);
      for (const item of shuffled) mixed.batch(() => mixed.apply(item));
      expect(shown(mixed)).toEqual(shown(straight));
      expect(shown(straight)).toEqual(
        rowsAt(log, log.length)
          .map((row) => row.seq)
          .sort((a, b) => a - b),
      );
      for (const room of ROOMS) expect(mixed.history(room)).toEqual(straight.history(room));
    }),
  );
});

test('a snapshot over any older rows, with live events between its pages, shows the rows as they are', () => {
  fc.assert(
    fc.property(logs, fc.nat({ max: 30 }), fc.nat({ max: 30 }), fc.nat({ max: 6 }), (log, a, b, cut) => {
      const known = Math.min(a, b, log.length);
      const at = Math.min(Math.max(a, b), log.length);
      const store = newStore();
      for (const event of log.slice(0, known)) applyAll(store, delivered(event));
      const rows = rowsAt(log, at).filter((row) => !row.ended);
      store.batch(() => {
        const snapshot = store.snapshot(['execution:a', 'execution:b'], at, () => false);
        snapshot.history(log.filter((event) => event.seq <= at && event.rooms.some(isOurs)));
        snapshot.page(rows.slice(0, cut));
        // Live events, delivered before a page that was read before them.
        for (const event of log.slice(at)) applyAll(store, delivered(event));
        snapshot.page(rows.slice(cut));
        snapshot.done();
      });
      expect(shown(store)).toEqual(
        rowsAt(log, log.length)
          .map((row) => row.seq)
          .sort((x, y) => x - y),
      );
    }),
  );
});

test('pages of the past meet what is live, without a hole or a double, whatever comes between', () => {
  const step = fc.record({
    act: fc.constantFrom('event', 'event', 'ask', 'answer', 'snapshot' as const),
    n: fc.nat(5),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const store = new Store(isOurs, { history: 6, ended: 10 });
      const log: RealtimeEvent[] = [];
      const room: Room = 'execution:a';
      const pages: { first: RealtimeEvent; events: RealtimeEvent[] }[] = [];
      // As they come over the wire: each time another object.
      const copy = (events: RealtimeEvent[]) => events.map((event) => ({ ...event }));
      for (const { act, n } of steps) {
        const list = store.history(room);
        if (act === 'event') {
          const seq = log.length + 1;
          const rooms: Room[] = [n === 0 ? 'execution:b' : room];
          log.push({ id: `${seq}`, seq, type: 'x:tick', time: '', rooms, left: [], data: {} });
          applyAll(store, copy(log.slice(-1)));
        } else if (act === 'ask' && list[0]) {
          const before = log.filter(({ seq, rooms }) => seq < list[0]!.seq && rooms.includes(room));
          pages.push({ first: list[0], events: copy(before.slice(-n - 1)) });
        } else if (act === 'answer' && pages.length > 0) {
          const { first, events } = pages.splice(n % pages.length, 1)[0]!;
          const isFirst = list[0] === first;
          expect(store.prepend(room, first, events)).toBe(isFirst);
        } else if (act === 'snapshot') {
          store.batch(() => {
            const snapshot = store.snapshot([room], log.length, () => false);
            snapshot.history(copy(log.filter(({ rooms }) => rooms.includes(room)).slice(-n - 1)));
            snapshot.done();
          });
        }
        const all = log.filter(({ rooms }) => rooms.includes(room)).map(({ seq }) => seq);
        const held = store.history(room).map(({ seq }) => seq);
        expect(held).toEqual(all.slice(all.length - held.length));
      }
    }),
    { numRuns: 300 },
  );
});

test('what was erased does not come back with a page of the past', () => {
  const store = newStore();
  const said = (seq: number, subject: Subject) =>
    ({
      id: `${seq}`,
      seq,
      type: 'x:tick',
      time: '',
      subject,
      rooms: ['execution:a'],
      left: [],
      data: {},
    }) as RealtimeEvent;
  applyAll(store, [said(3, 'message/3')]);
  const [first] = store.history('execution:a');
  const erased = { ...said(4, 'erasure/1'), type: 'data:erased', data: { subjects: ['message/1'] } };
  applyAll(store, [erased as RealtimeEvent]);
  const older = [
    said(1, 'message/1'),
    said(2, 'message/2'),
    { seq: 2, subject: 'task/1' as const, left: [] },
  ];
  expect(store.prepend('execution:a', first!, older)).toBe(true);
  expect(store.history('execution:a').map(({ seq }) => seq)).toEqual([2, 3]);
});

test('a history is bounded, and keeps the newest', () => {
  const store = new Store(isOurs, { history: 3, ended: 10 });
  const event = (seq: number) =>
    ({
      id: `${seq}`,
      seq,
      type: 'x:tick',
      time: '2026-01-01T00:00:00Z',
      rooms: ['execution:a'],
      left: [],
      data: {},
    }) as RealtimeEvent;
  applyAll(store, [5, 1, 4, 2, 3, 5].map(event));
  expect(store.history('execution:a').map(({ seq }) => seq)).toEqual([3, 4, 5]);
});

test('what passes stands in a history until something newer of its subject does', () => {
  const store = new Store(isOurs, LIMITS);
  const event = (seq: number, id: number, passing?: true): RealtimeEvent => ({
    id: `log/${seq}#0`,
    seq,
    type: 'task:updated',
    time: '2026-01-01T12:00:00.000Z',
    subject: `task/${id}`,
    rooms: ['execution:a'],
    left: [],
    ...(passing && { passing }),
    data: { taskId: `${id}`, state: 'open', candidateUsers: [], candidateGroups: [] },
  });
  applyAll(store, [event(1, 1), event(2, 1, true), event(4, 2, true), event(5, 1, true), event(3, 1, true)]);
  expect(store.history('execution:a').map(({ seq }) => seq)).toEqual([1, 4, 5]);
  applyAll(store, [event(6, 1)]);
  expect(store.history('execution:a').map(({ seq }) => seq)).toEqual([1, 4, 6]);
});

test('ended rows are bounded, open ones are not', () => {
  const store = new Store(isOurs, { history: 3, ended: 2 });
  const row = (seq: number, isEnded: boolean) =>
    ({
      id: `${seq}`,
      seq,
      type: 'task:updated',
      time: '2026-01-01T00:00:00Z',
      subject: `task/${seq}`,
      rooms: ['execution:a'],
      left: [],
      data: {},
      ...(isEnded ? { ended: true } : {}),
    }) as RealtimeEvent;
  applyAll(
    store,
    [1, 2, 3, 4, 5, 6].map((seq) => row(seq, seq % 2 === 0)),
  );
  expect(shown(store)).toEqual([1, 3, 4, 5, 6]);
});

test('what was erased is gone from rows and histories, and no older page brings it back', () => {
  const room: Room = 'execution:a';
  const said = (seq: number, id: string): RealtimeEvent => ({
    id: `log/${seq}#1`,
    seq,
    type: 'message:new',
    time: new Date(seq).toISOString(),
    subject: `message/${id}`,
    rooms: [room],
    left: [],
    ended: true,
    data: { messageId: id, executionId: 'a', content: id, userId: 'al', timestamp: '' },
  });
  const erased: RealtimeEvent = {
    id: 'log/4#1',
    seq: 4,
    type: 'data:erased',
    time: '',
    subject: 'erasure/1',
    rooms: [room],
    left: [],
    ended: true,
    data: { subjects: ['message/m2', 'message/unknown'], events: [1, 3] },
  };
  const store = new Store(isOurs, LIMITS);
  const touched: Room[] = [];
  store.changed.add(({ rooms }) => touched.push(...rooms));
  const history = () => store.history(room).map(({ seq }) => seq);
  // The places that it names are those of events without a subject.
  const { subject: _, ...custom } = { ...said(3, 'm3'), type: 'x:shipped' as const };
  applyAll(store, [said(1, 'm1'), said(2, 'm2'), custom]);
  touched.length = 0;
  applyAll(store, [erased]);
  expect([shown(store), history(), touched]).toEqual([[1], [1], [room]]);
  store.batch(() => {
    const page = store.snapshot([room], 3, () => false);
    page.history([said(1, 'm1'), said(2, 'm2'), custom]);
    page.done();
  });
  expect([shown(store), history()]).toEqual([[1], [1]]);
  // A history that was read later tells of it, too, to whoever has missed it.
  const late = new Store(isOurs, LIMITS);
  applyAll(late, [{ ...said(2, 'm2'), rooms: ['execution:b'] }]);
  late.batch(() => late.snapshot([room], 4, () => false).history([said(1, 'm1'), erased]));
  expect([shown(late), late.history('execution:b'), late.history(room).map(({ seq }) => seq)]).toEqual([
    [1],
    [],
    [1],
  ]);
  // What is said later in its place is news.
  applyAll(store, [said(5, 'm2')]);
  expect([shown(store), history()]).toEqual([
    [1, 5],
    [1, 5],
  ]);
});

test('what was said anew after an erasure has its row, and nothing of its past', () => {
  const room: Room = 'execution:a';
  const task = (seq: number, assignee?: string): RealtimeEvent => ({
    id: `log/${seq}#1`,
    seq,
    type: 'task:updated',
    time: '',
    subject: 'task/t',
    rooms: [room],
    left: [],
    data: { taskId: 't', ...(assignee && { assignee }) },
  });
  const erased: RealtimeEvent = {
    ...task(3),
    type: 'data:erased',
    subject: 'erasure/1',
    data: { subjects: [], renewed: ['task/t'] },
  };
  const store = new Store(isOurs, LIMITS);
  const history = () => store.history(room).map(({ seq }) => seq);
  applyAll(store, [task(1, 'anna'), task(2, 'bob'), erased]);
  // Between the two it is as it was: nobody is shown a task that comes and goes.
  expect([shown(store), history()]).toEqual([[2], []]);
  applyAll(store, [task(4)]);
  expect([shown(store), history()]).toEqual([[4], [4]]);
  applyAll(store, [task(2, 'bob')]);
  expect([shown(store), history()]).toEqual([[4], [4]]);
});

test('rooms that are taken away and given again at any time leave what our rooms show, and nothing else', () => {
  const steps = fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant('event' as const) },
      fc.record({ room: fc.constantFrom(...ROOMS.slice(0, 2)), isGiven: fc.boolean() }),
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(logs, steps, fc.infiniteStream(fc.nat()), (log, all, random) => {
      const ours = new Set<Room>(ROOMS.slice(0, 2));
      const store = new Store((room) => ours.has(room), LIMITS);
      let at = 0;
      /** What is on its way: it may arrive late, twice, or behind what was sent after it. */
      let onTheWay: Delivered[] = [];
      const isIn = (rooms: readonly Room[]) => rooms.some((room) => ours.has(room));
      const arrive = () => {
        const mixed = [...onTheWay, ...onTheWay.filter(() => random.next().value! % 2 === 0)]
          .map((item) => ({ item, place: random.next().value! }))
          .sort((a, b) => a.place - b.place);
        for (const { item } of mixed) store.batch(() => store.apply(item));
        onTheWay = [];
      };
      for (const step of all) {
        if (step === 'event') {
          const event = log[at++];
          if (!event) break;
          if (isIn(event.rooms)) onTheWay.push(event);
          else if (isIn(event.left))
            onTheWay.push({ seq: event.seq, subject: event.subject!, left: event.left });
        } else if (step.isGiven && !ours.has(step.room)) {
          arrive();
          ours.add(step.room);
          const rows = rowsAt(log, at).filter((row) => row.rooms.includes(step.room));
          store.batch(() => {
            const snapshot = store.snapshot([step.room], at, (room) => room !== step.room && ours.has(room));
            snapshot.history(log.slice(0, at).filter(({ rooms }) => rooms.includes(step.room)));
            snapshot.page(rows.filter((row) => !row.ended));
            snapshot.done();
          });
        } else if (!step.isGiven && ours.delete(step.room)) {
          // What the server sent before the word that takes it away is there before it.
          arrive();
          store.prune();
        }
      }
      arrive();
      const newest = new Map(log.slice(0, at).map((event) => [event.subject, event]));
      const wanted = [...newest.values()].filter(({ rooms }) => isIn(rooms));
      expect(shown(store)).toEqual(wanted.map(({ seq }) => seq).sort((a, b) => a - b));
      for (const room of ROOMS) if (!ours.has(room)) expect([room, store.history(room)]).toEqual([room, []]);
    }),
    { numRuns: 300 },
  );
});
