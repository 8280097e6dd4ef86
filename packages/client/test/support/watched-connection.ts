import { Connection } from '../../src/core/connection.ts';
import type { Action, Happening, State } from '../../src/core/machine.ts';
import { FakeSocket, opened } from '../helpers/fake-socket.ts';
import { HandClock } from '../helpers/hand-clock.ts';

const READY = { userId: 'alice', domainId: 'd', groups: [], rooms: [], epoch: 'life1', seq: 0 };
const REFUSAL = { code: 'token_invalid' as const, message: 'no', retryable: false };
const CLOSING = { reason: 'stopping' as const, retryAfter: 1_000 };

/** What comes with an event, as its source gives it. */
const DETAILS = {
  token: { token: 't' },
  'no-token': CLOSING,
  ready: { ready: READY },
  refused: { reason: 'busy', error: REFUSAL },
  lost: CLOSING,
  dismissed: CLOSING,
  disconnect: { reason: 'by-hand' },
  unanswered: CLOSING,
} as const satisfies Partial<Record<Happening, object>>;

/** How a connection gets to each state. */
const WAYS: Record<State, Happening[]> = {
  closed: [],
  asking: ['connect'],
  opening: ['connect', 'token'],
  'catching-up': ['connect', 'token', 'ready'],
  live: ['connect', 'token', 'ready', 'whole'],
  stale: ['connect', 'token', 'ready', 'whole', 'missed'],
  waiting: ['connect', 'token', 'lost'],
  refused: ['connect', 'token', 'refused'],
};

/** A connection of which each outward sign is noted. */
export class WatchedConnection {
  readonly clock = new HandClock();
  readonly signs: string[] = [];
  readonly connection: Connection;

  constructor() {
    opened.length = 0;
    const note = (sign: string) => () => void this.signs.push(sign);
    this.connection = new Connection(
      {
        connectTimeout: 7_000,
        backoff: { base: 0, limit: 0 },
        getToken: () => {
          this.signs.push('asked for a token');
          return new Promise(() => undefined);
        },
      },
      this.clock,
      {
        ready: note('ready'),
        events: note('events'),
        checkpoint: note('checkpoint'),
        'room:left': note('left'),
        ephemeral: note('ephemeral'),
        resume: note('resume'),
        'token:expiring': note('expiring'),
        lost: note('lost'),
        refused: note('refused'),
      },
    );
  }

  /** A connection in a state, with nothing noted yet. */
  static in(state: State): WatchedConnection {
    const watched = new WatchedConnection();
    for (const happening of WAYS[state]) watched.happens(happening);
    watched.signs.length = 0;
    return watched;
  }

  happens(happening: Happening): void {
    const before = opened.length;
    this.connection.happens(happening, DETAILS[happening as keyof typeof DETAILS] ?? {});
    if (opened.length > before) this.signs.push('opened a socket');
  }

  get socket(): FakeSocket {
    return opened.at(-1) ?? new FakeSocket();
  }

  /** Milliseconds until the connection takes its next step by itself; `undefined` if it takes none. */
  restsFor(): number | undefined {
    const { state } = this.connection;
    const before = this.signs.length;
    return this.clock.until(() => this.connection.state !== state || this.signs.length > before, 40_000);
  }
}

/** What each action is seen by: signs in this order, and the time until the next step where it sets one. */
export const SIGNS: Record<Action, { signs: string[]; rest?: number | undefined }> = {
  ask: { signs: ['asked for a token'], rest: 7_000 },
  open: { signs: ['opened a socket'], rest: 7_000 },
  enter: { signs: ['ready'], rest: undefined },
  drop: { signs: ['lost'], rest: undefined },
  fail: { signs: ['refused'] },
  wait: { signs: [], rest: 1_000 },
  hurry: { signs: [], rest: 1_000 },
  watch: { signs: [], rest: 10_000 },
  rest: { signs: [], rest: 30_000 },
  probe: { signs: ['resume'], rest: 5_000 },
  resume: { signs: ['resume'], rest: undefined },
};
