import type { Room, Subject } from '@netbuild/realtime-protocol';
import type { Group, GroupResult, Retention } from '../log.ts';
import type { Failure } from './failure.ts';

/** What can be asked of a domain. */
export type Question =
  | { ask: 'head' }
  | { ask: 'read'; range: { after: number; rooms?: Room[]; limit: number } }
  | { ask: 'readBack'; range: { room: Room; before?: number; limit: number } }
  | { ask: 'rows'; subjects: Subject[] }
  | { ask: 'snapshot'; page: { rooms?: Room[]; after?: Subject; limit: number } }
  | { ask: 'everyRow'; page: { after?: string; limit: number } }
  | { ask: 'meetings'; room: Room; others: Room[]; limit: number }
  | { ask: 'trim'; retention: Retention }
  | { ask: 'keepFor'; reader: string; seq: number | undefined };

/** To the worker. Each request but `close` is answered under its `id`. */
export type Request =
  | { id: number; domain: string; groups: Group[] }
  | { id: number; domain: string; question: Question }
  | { id: number; domains: true }
  | { close: true };

/** What a transaction did for an append. A long append needs several; the last one is `done`. */
export interface Written {
  id: number;
  written: GroupResult[];
  epoch: string;
  seq: number;
  done: boolean;
}

/** What the worker is told when it starts. */
export interface WorkerData {
  directory: string;
  keepKeys: number;
  /** The version of bodies that are written. */
  version: number;
}

/** From the worker. Records of another version than that are stamped with theirs. */
export type Reply = Written | { id: number; answer: unknown } | { id: number; failure: Failure };

/** The worker's first message: whether it could open the log. */
export type Opened = { opened: true } | { failure: Failure };
