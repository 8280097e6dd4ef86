import { describe, expect, test, vi } from 'vitest';
import { type Action, type State, step } from '../src/core/machine.ts';
import { ACTIONS, CELLS, HAPPENINGS, STATES } from './support/state-table.ts';
import { SIGNS, WatchedConnection } from './support/watched-connection.ts';

vi.mock('socket.io-client', async () => (await import('./helpers/fake-socket.ts')).fakeModule);

/** What a status calls each state. */
const SHOWN = { asking: 'connecting', opening: 'connecting', waiting: 'offline' } as Record<string, string>;

test('the specification has a cell for every state and event, and explains each of its words', () => {
  expect(CELLS).toHaveLength(STATES.length * HAPPENINGS.length);
  expect(new Set(CELLS.map(({ state, happening }) => `${state} ${happening}`)).size).toBe(CELLS.length);
  for (const { state, happening, cell } of CELLS) {
    expect(STATES).toContain(state);
    expect(HAPPENINGS).toContain(happening);
    const [next = state, ...actions] = cell ?? [];
    expect(STATES).toContain(next);
    for (const action of actions) expect(ACTIONS).toContain(action);
  }
  expect(Object.keys(SIGNS).sort()).toEqual(ACTIONS.toSorted());
});

test('the specification and the code have the same table', () => {
  for (const { state, happening, cell } of CELLS) {
    expect([state, happening, step(state, happening)]).toEqual([state, happening, cell]);
  }
});

describe.each(STATES)('%s', (state) => {
  const cells = CELLS.filter((one) => one.state === state);
  test.each(cells)('$happening', ({ happening, cell }) => {
    const watched = WatchedConnection.in(state);
    expect(watched.connection.state).toBe(state);
    const { socket } = watched;
    const restBefore = cell ? undefined : WatchedConnection.in(state).restsFor();
    watched.happens(happening);
    const [next, ...actions] = cell ?? ([state] as [State, ...Action[]]);
    expect(watched.connection.state).toBe(next);
    expect(watched.connection.status.getSnapshot().state).toBe(SHOWN[next] ?? next);
    expect(watched.signs).toEqual(actions.flatMap((action) => SIGNS[action].signs));
    const hasSocket = !['closed', 'asking', 'waiting', 'refused'].includes(state);
    if (hasSocket) expect(socket.isClosed).toBe(actions.includes('drop'));
    const timed = actions.findLast((action) => 'rest' in SIGNS[action]);
    expect(watched.restsFor()).toBe(timed ? SIGNS[timed].rest : restBefore);
  });
});
