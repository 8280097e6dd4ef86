import type { RealtimeEvent, Room, Subject } from '@netbuild/realtime-protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Expected, Row } from '../src/index.ts';
import { shownOver } from '../src/shown.ts';
import { Store } from '../src/store.ts';
import { historyView, rowsView } from '../src/view.ts';

const ROOM: Room = 'execution:a';

const taskEvent = (seq: number, id: number, assignee?: string, commandId?: string): RealtimeEvent => ({
  id: `log/${seq}`,
  seq,
  type: 'task:updated',
  time: new Date(seq).toISOString(),
  subject: `task/${id}`,
  rooms: [ROOM],
  left: [],
  ...(commandId && { commandId }),
  data: {
    taskId: `${id}`,
    state: 'open',
    created: new Date(id).toISOString(),
    candidateUsers: [],
    candidateGroups: [],
    ...(assignee && { assignee }),
  },
});

const said = (seq: number, commandId: string): RealtimeEvent => ({
  ...taskEvent(seq, 0, undefined, commandId),
  type: 'message:new',
  subject: `message/m${seq}`,
  ended: true,
  data: { messageId: `m${seq}`, executionId: 'a', content: commandId, userId: 'me', timestamp: '' },
});

/** A claim, that has no effect where somebody has the task. */
const claim = (id: number): Expected => ({
  list: 'tasks',
  id: `${id}`,
  change: (row) => (row && !row.data.assignee ? { data: { ...row.data, assignee: 'me' } } : undefined),
});

const message = (commandId: string): Expected => ({
  list: 'messages',
  id: commandId,
  change: () => ({
    type: 'message:new',
    rooms: [ROOM],
    ended: true,
    data: { messageId: commandId, executionId: 'a', content: commandId, userId: 'me', timestamp: '' },
  }),
});

type Task = Row<'task'>;

const step = fc.record({
  act: fc.constantFrom('event', 'mine', 'claim', 'say', 'said', 'drop', 'late', 'look' as const),
  n: fc.nat(3),
});

test('whatever comes in whatever order, what is shown is what is confirmed with each open command on top', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
      const store = new Store((room) => room === ROOM, { history: 500, ended: 1_000 });
      const shown = shownOver(store);
      const tasks = rowsView(shown, 'task', { room: ROOM, open: true }, () => {});
      const history = historyView(shown, ROOM, () => {});
      let told = 0;
      tasks.subscribe(() => told++);
      /** The open commands, as a model: what each is about, in their order. */
      const open = new Map<string, number | 'message'>();
      const log: RealtimeEvent[] = [];
      const arrive = (event: RealtimeEvent) => store.batch(() => store.apply(event));
      const append = (event: RealtimeEvent) => {
        log.push(event);
        arrive(event);
      };
      for (const [at, { act, n }] of steps.entries()) {
        const before = tasks.getSnapshot();
        const [toldBefore, commandId, seq] = [told, `c${at}`, log.length + 1];
        const ofKind = (isMessage: boolean) =>
          [...open].filter(([, about]) => (about === 'message') === isMessage)[n]?.[0];
        if (act === 'event') append(taskEvent(seq, n, n === 0 ? 'bob' : undefined));
        else if (act === 'mine') {
          const mine = ofKind(false);
          if (mine) append(taskEvent(seq, open.get(mine) as number, 'me', mine));
          if (mine) open.delete(mine);
        } else if (act === 'claim') {
          open.set(commandId, n);
          shown.add(commandId, [claim(n)]);
        } else if (act === 'say') {
          open.set(commandId, 'message');
          shown.add(commandId, [message(commandId)]);
        } else if (act === 'said') {
          const mine = ofKind(true);
          if (mine) append(said(seq, mine));
          if (mine) open.delete(mine);
        } else if (act === 'drop') {
          const any = [...open.keys()][n];
          if (any) shown.drop(any);
          if (any) open.delete(any);
        } else if (act === 'late' && log[n]) arrive(log[n]);

        const confirmed = new Map<Subject, Task>();
        for (const event of log)
          if (event.subject?.startsWith('task/')) confirmed.set(event.subject, event as Task);
        for (const [id, about] of open) {
          const row = confirmed.get(`task/${about}`);
          if (row && !row.data.assignee)
            confirmed.set(`task/${about}`, { ...row, pending: id, data: { ...row.data, assignee: 'me' } });
        }
        const wanted = [...confirmed.values()].sort((a, b) => (a.subject < b.subject ? -1 : 1));
        const after = tasks.getSnapshot();
        expect(after).toEqual(wanted);
        // Rows that are as they were are the same objects, and who watches is told where there is another one.
        for (const row of after) {
          const same = before.find((one) => one.subject === row.subject);
          if (same && JSON.stringify(same) === JSON.stringify(row)) expect(row).toBe(same);
        }
        expect(after === before).toBe(told === toldBefore);
        const texts = history.getSnapshot().filter(({ subject }) => subject?.startsWith('message/'));
        expect(texts.map(({ data, pending }) => [(data as { content: string }).content, pending])).toEqual([
          ...log.filter(({ type }) => type === 'message:new').map(({ commandId: id }) => [id, undefined]),
          ...[...open].filter(([, about]) => about === 'message').map(([id]) => [id, id]),
        ]);
      }
      for (const id of open.keys()) shown.drop(id);
      expect([...shown.rows()]).toEqual([...store.rows()]);
      expect(history.getSnapshot()).toEqual(store.history(ROOM));
    }),
    { numRuns: 200 },
  );
});
