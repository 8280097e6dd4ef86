import type { Row } from '@netbuild/realtime-client';
import { describe, expect, test } from 'vitest';
import { isCurrent, standingOf } from '../src/diagram/standing.ts';
import { newestOf } from '../src/diagram/use-past.ts';

let rows = 0;

const row = <R extends Row>(data: object, seq = ++rows): R =>
  ({ subject: `x/${++rows}`, seq, rooms: [], data }) as unknown as R;

const activity = (activityId: string, more: object = {}) =>
  row<Row<'activity'>>({
    activityInstanceId: `${activityId}-${rows}`,
    activityId,
    activityName: `The ${activityId}`,
    activityType: 'userTask',
    state: 'running',
    ...more,
  });
const task = (more: object) =>
  row<Row<'task'>>({ taskId: `t${rows}`, taskDefinitionKey: 'check', state: 'open', ...more });
const incident = (more: object) =>
  row<Row<'incident'>>({ incidentId: `i${rows}`, activityId: 'send', state: 'open', ...more });

const NONE = { activities: [], incidents: [], tasks: [] };
const ended = { state: 'ended' };

/** What stands at an element. */
function at(elementId: string, given: Partial<Parameters<typeof standingOf>[0]>) {
  return standingOf({ ...NONE, ...given }).find((one) => one.elementId === elementId);
}

describe('What stands at an element', () => {
  test('is as many tokens as run there, and as often as it was finished or interrupted', () => {
    const activities = [
      activity('check'),
      activity('check'),
      activity('check', ended),
      activity('check', { ...ended, canceled: true }),
    ];
    expect(at('check', { activities })).toMatchObject({
      name: 'The check',
      running: 2,
      done: 1,
      cancelled: 1,
    });
  });

  test('of a loop is its single runs, and not the loop around them', () => {
    const around = activity('check#multiInstanceBody', { activityType: 'multiInstanceBody' });
    const activities = [around, activity('check'), activity('check'), activity('check', ended)];
    expect(at('check', { activities })).toMatchObject({ running: 2, done: 1, isAround: true });
    const over = activity('check#multiInstanceBody', { ...ended, activityType: 'multiInstanceBody' });
    expect(at('check', { activities: [over, activity('check', ended)] })).toMatchObject({ done: 1 });
  });

  test('of a sub-process that runs is no token of its own', () => {
    const found = at('part', { activities: [activity('part', { activityType: 'subProcess' })] })!;
    expect(found).toMatchObject({ running: 0, isAround: true });
    expect(isCurrent(found)).toBe(true);
  });

  test('is who has its open tasks, each once', () => {
    const tasks = [
      task({ assignee: 'alice' }),
      task({ assignee: 'bob' }),
      task({ assignee: 'alice' }),
      task({ assignee: 'carol', state: 'completed' }),
      task({}),
    ];
    expect(at('check', { tasks })?.people).toEqual(['alice', 'bob']);
  });

  test('is a token for an open task, once, whether or not an activity tells of it', () => {
    const run = activity('check');
    const known = task({ activityInstanceId: run.data.activityInstanceId });
    expect(at('check', { activities: [run], tasks: [known] })?.running).toBe(1);
    expect(at('check', { tasks: [task({ activityInstanceId: 'never told of' })] })?.running).toBe(1);
  });

  test('is what has failed there, with its message, also where no token is yet', () => {
    const incidents = [
      incident({ message: 'no route' }),
      incident({ message: 'gone', state: 'resolved' }),
      incident({ activityId: undefined, message: 'of no element' }),
    ];
    expect(standingOf({ ...NONE, incidents })).toMatchObject([
      { elementId: 'send', name: 'send', running: 0, incidents: [{ message: 'no route' }] },
    ]);
  });

  test('is what it has called and waits for', () => {
    const activities = [
      activity('call', { activityType: 'callActivity', calledProcessInstanceId: 'p2' }),
      activity('call', { ...ended, calledProcessInstanceId: 'p1' }),
    ];
    expect(at('call', { activities })?.called).toEqual(['p2']);
  });
});

test('Of a row that was read and of one that was heard, the newer one counts, whichever came first', () => {
  const running = { ...activity('check'), subject: 'activity/a' as const, seq: 4 };
  const over = { ...activity('check', ended), subject: 'activity/a' as const, seq: 9 };
  for (const [past, now] of [
    [[over], [running]],
    [[running], [over]],
  ])
    expect(newestOf(past!, now!)).toEqual([over]);
});
