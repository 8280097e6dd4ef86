import type { Worker } from 'node:worker_threads';
import type { Lifting } from '../lifting.ts';
import type { Listeners } from '../listeners.ts';
import type { Appended, Entry, Group, GroupResult, Watcher } from '../log.ts';
import { LogError } from '../log-error.ts';
import type { Question, Reply, Request, Written } from './messages.ts';

interface Pending {
  resolve(value: unknown): void;
  reject(error: LogError): void;
  append?: { domain: string; groups: Group[]; results: GroupResult[] };
}

/** The line to the worker: pairs its replies with what was asked, and tells the watchers of what it wrote. */
export class WorkerLine {
  readonly #worker: Worker;
  readonly #watchers: Listeners<Parameters<Watcher>>;
  readonly #lifting: Lifting;
  readonly #pending = new Map<number, Pending>();
  readonly #exited: Promise<void>;
  #requests = 0;
  #outbox: Request[] = [];
  #closed = false;

  constructor(worker: Worker, watchers: Listeners<Parameters<Watcher>>, lifting: Lifting) {
    this.#worker = worker;
    this.#watchers = watchers;
    this.#lifting = lifting;
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
        exited();
      });
    });
  }

  /** Appends groups; these objects are kept until the answer, for the watchers. */
  append(domain: string, groups: Group[]): Promise<Appended> {
    return this.#send((id) => ({ id, domain, groups }), { domain, groups, results: [] });
  }

  ask<T>(domain: string, question: Question): Promise<T> {
    return this.#send((id) => ({ id, domain, question }));
  }

  domains(): Promise<string[]> {
    return this.#send((id) => ({ id, domains: true }));
  }

  /** Lets the worker finish what it was asked, and waits until it has ended. */
  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#post({ close: true });
    }
    await this.#exited;
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

  #written({ id, written, epoch, seq, done }: Written, { append, resolve, reject }: Pending): void {
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
    if (entries.length > 0) this.#watchers.tell(domain, entries, epoch);
    if (!done) return;
    this.#pending.delete(id);
    try {
      const groups = results.map((result) => liftResult(result, this.#lifting));
      resolve({ epoch, seq, settle: 0, groups } satisfies Appended);
    } catch (error) {
      reject(error as LogError);
    }
  }
}

/** The rows that have moved on may be of an older version. */
function liftResult(result: GroupResult, lifting: Lifting): GroupResult {
  if (result.status !== 'moved') return result;
  return {
    status: 'moved',
    rows: result.rows.map(({ subject, row }) => ({ subject, row: row && lifting.lift(row) })),
  };
}
