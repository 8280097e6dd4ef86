import type { Worker } from 'node:worker_threads';
import type { Room, Subject } from '@netbuild/realtime-protocol';
import type {
  Appended,
  Entry,
  EntryPage,
  Group,
  GroupResult,
  Head,
  Log,
  RowPage,
  StoredRow,
  Watcher,
} from '../log.ts';
import { LogError } from '../log-error.ts';
import { checkDomain, checkGroups, checkName, checkNames, checkNumber } from '../usage.ts';
import { Watchers } from '../watchers.ts';
import type { Question, Reply, Request, Written } from './messages.ts';

interface Pending {
  resolve(value: unknown): void;
  reject(error: LogError): void;
  append?: { domain: string; groups: Group[]; results: GroupResult[] };
}

/** The side of the embedded log that callers see: it asks the worker, and keeps no state of its own. */
export class SqliteLog implements Log {
  readonly #worker: Worker;
  readonly #watchers = new Watchers();
  readonly #pending = new Map<number, Pending>();
  #requests = 0;
  #outbox: Request[] = [];
  #closed = false;
  readonly #exited: Promise<void>;

  constructor(worker: Worker) {
    this.#worker = worker;
    let reason = 'the thread of the log ended';
    worker.on('message', (replies: Reply[]) => {
      for (const reply of replies) this.#take(reply);
    });
    worker.on('error', (error) => {
      reason = `the thread of the log crashed: ${String(error)}`;
    });
    this.#exited = new Promise((exited) => {
      worker.on('exit', () => {
        this.#closed = true;
        for (const { reject } of this.#pending.values()) reject(new LogError('failed', reason));
        this.#pending.clear();
        this.#watchers.clear();
        exited();
      });
    });
  }

  async append(domain: string, groups: Group[]): Promise<Appended> {
    checkDomain(domain);
    checkGroups(groups);
    const plain = groups.map(plainGroup);
    return this.#send((id) => ({ id, domain, groups: plain }), { domain, groups: plain, results: [] });
  }

  async head(domain: string): Promise<Head> {
    return this.#ask(domain, { ask: 'head' });
  }

  async read(domain: string, range: { after: number; rooms?: Room[]; limit: number }): Promise<EntryPage> {
    const { after, rooms, limit } = range;
    checkNumber(after, 0, '`after`');
    checkNumber(limit, 1, 'the limit');
    if (rooms) checkNames(rooms, 'the rooms');
    return this.#ask(domain, { ask: 'read', range: { after, limit, ...(rooms && { rooms: [...rooms] }) } });
  }

  async readBack(domain: string, range: { room: Room; before?: number; limit: number }): Promise<EntryPage> {
    const { room, before, limit } = range;
    checkName(room, 'the room');
    if (before !== undefined) checkNumber(before, 0, '`before`');
    checkNumber(limit, 1, 'the limit');
    return this.#ask(domain, {
      ask: 'readBack',
      range: { room, limit, ...(before !== undefined && { before }) },
    });
  }

  async rows(domain: string, subjects: Subject[]): Promise<StoredRow[]> {
    checkNames(subjects, 'the subjects');
    return this.#ask(domain, { ask: 'rows', subjects: [...subjects] });
  }

  async snapshot(domain: string, page: { rooms: Room[]; after?: Subject; limit: number }): Promise<RowPage> {
    const { rooms, after, limit } = page;
    checkNames(rooms, 'the rooms');
    if (after !== undefined) checkName(after, '`after`');
    checkNumber(limit, 1, 'the limit');
    return this.#ask(domain, {
      ask: 'snapshot',
      page: { rooms: [...rooms], limit, ...(after !== undefined && { after }) },
    });
  }

  async meeting(domain: string, room: Room, others: Room[]): Promise<StoredRow | undefined> {
    checkName(room, 'the room');
    checkNames(others, 'the other rooms');
    return this.#ask(domain, { ask: 'meeting', room, others: [...others] });
  }

  watch(watcher: Watcher): () => void {
    return this.#watchers.add(watcher);
  }

  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#post({ close: true });
    }
    await this.#exited;
  }

  async #ask<T>(domain: string, question: Question): Promise<T> {
    checkDomain(domain);
    return this.#send((id) => ({ id, domain, question }));
  }

  #send<T>(request: (id: number) => Request, append?: Pending['append']): Promise<T> {
    if (this.#closed) return Promise.reject(new LogError('closed', 'the log is closed'));
    const id = ++this.#requests;
    return new Promise<T>((resolve, reject) => {
      this.#pending.set(id, {
        resolve: resolve as (value: unknown) => void,
        reject,
        ...(append && { append }),
      });
      this.#post(request(id));
    });
  }

  /** What is asked in one go travels in one message; nothing waits for a timer. */
  #post(request: Request): void {
    if (this.#outbox.push(request) > 1) return;
    queueMicrotask(() => {
      const requests = this.#outbox;
      this.#outbox = [];
      this.#worker.postMessage(requests);
    });
  }

  #take(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    if (!pending) return;
    if ('written' in reply) {
      this.#written(reply, pending);
      return;
    }
    this.#pending.delete(reply.id);
    if ('answer' in reply) pending.resolve(reply.answer);
    else pending.reject(new LogError(reply.failure.code, reply.failure.message));
  }

  #written({ id, written, epoch, seq, done }: Written, { append, resolve }: Pending): void {
    const { domain, groups, results } = append!;
    const entries: Entry[] = [];
    for (const result of written) {
      const { events } = groups[results.length]!;
      results.push(result);
      if (result.status !== 'new') continue;
      events.forEach((event, n) => {
        entries.push({ seq: result.seqs[n]!, ...event });
      });
    }
    this.#watchers.tell(domain, entries, epoch);
    if (!done) return;
    this.#pending.delete(id);
    resolve({ epoch, seq, settle: 0, groups: results } satisfies Appended);
  }
}

/** A copy of what the interface names: callers may have more on their objects, and may change them later. */
function plainGroup({ key, digest, reads, events }: Group): Group {
  return {
    key,
    ...(digest !== undefined && { digest }),
    reads: reads.map((read) =>
      'group' in read
        ? { subject: read.subject, group: read.group }
        : { subject: read.subject, seq: read.seq },
    ),
    events: events.map(plainEvent),
  };
}

function plainEvent({ subject, rooms, left, open, body }: Group['events'][number]) {
  return { ...(subject !== undefined && { subject }), rooms: [...rooms], left: [...left], open, body };
}
