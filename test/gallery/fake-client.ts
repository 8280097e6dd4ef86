import type { RealtimeClient, Row } from '@netbuild/realtime-client';
import { RealtimeError } from '@netbuild/realtime-client';
import { FORM } from './rows.ts';

const constant = <T>(value: T) => ({ subscribe: () => () => {}, getSnapshot: () => value });

/** A client that is live, knows some rows, and refuses whatever it is asked for: somebody else was faster. */
export function fakeClient(rows: readonly Row[]): RealtimeClient {
  const views = new Map<string, ReturnType<typeof constant>>();
  const kinds: Record<string, string> = { processes: 'process', activities: 'activity' };
  const view = (name: string, query: { id?: string; open?: boolean } = {}) => {
    const key = JSON.stringify([name, query]);
    const kind = kinds[name] ?? name.replace(/s$/, '');
    const found = rows.filter(
      ({ subject }) =>
        subject.startsWith(`${kind}/`) && (query.id === undefined || subject === `${kind}/${query.id}`),
    );
    const made = views.get(key) ?? constant(found);
    views.set(key, made);
    return made;
  };
  return {
    status: constant({ state: 'live' }),
    identity: constant({ userId: 'alice', domainId: 'd', groups: ['developers'] }),
    position: { epoch: 'e', seq: 1 },
    socket: {},
    connect() {},
    disconnect() {},
    room: () => ({ ...constant({ state: 'whole' }), hold: () => () => {} }),
    view,
    history: () => constant([]),
    on: () => () => {},
    async ask() {
      return { success: true, room: 'execution:e1', count: 8, people: PEOPLE };
    },
    async command() {
      throw new RealtimeError({ code: 'task_taken', message: '', retryable: false });
    },
    get: async () => FORM,
    // Only what the components of this page use.
  } as unknown as RealtimeClient;
}

const PEOPLE = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi'];
