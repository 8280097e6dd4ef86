import type { Room, Subject } from '@netbuild/realtime-protocol';
import type { Group, GroupResult } from '../log.ts';
import type { Failure } from './failure.ts';

/** What can be asked of a domain. */
export type Question =
  | { ask: 'head' }
  | { ask: 'read'; range: { after: number; rooms?: Room[]; limit: number } }
  | { ask: 'readBack'; range: { room: Room; before?: number; limit: number } }
  | { ask: 'rows'; subjects: Subject[] }
  | { ask: 'snapshot'; page: { rooms: Room[]; after?: Subject; limit: number } }
  | { ask: 'meeting'; room: Room; others: Room[] };

/** To the worker. Each request but `close` is answered under its `id`. */
export type Request =
  | { id: number; domain: string; groups: Group[] }
  | { id: number; domain: string; question: Question }
  | { close: true };

/** What a transaction did for an append. A long append needs several; the last one is `done`. */
export interface Written {
  id: number;
  written: GroupResult[];
  epoch: string;
  seq: number;
  done: boolean;
}

/** From the worker. */
export type Reply = Written | { id: number; answer: unknown } | { id: number; failure: Failure };

/** The worker's first message: whether it could open the log. */
export type Opened = { opened: true } | { failure: Failure };
