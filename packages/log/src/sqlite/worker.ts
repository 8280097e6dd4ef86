import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Retention, Trimmed } from '../log.ts';
import { type Domain, Domains } from './domains.ts';
import { toFailure } from './failure.ts';
import type { Opened, Question, Reply, Request, WorkerData } from './messages.ts';
import { Past } from './past.ts';
import { Reader } from './reader.ts';
import { Records } from './records.ts';
import { RoomIds } from './room-ids.ts';
import { Store } from './store.ts';
import { toText } from './text.ts';
import { Trimmer } from './trimmer.ts';
import { WriteQueue } from './write-queue.ts';
import { Writer } from './writer.ts';

type Asked = Exclude<Request, { close: true } | { groups: unknown }>;

const port = parentPort!;
try {
  const told = workerData as WorkerData;
  serve(new Store(told.directory), told);
  port.postMessage({ opened: true } satisfies Opened);
} catch (error) {
  port.postMessage({ failure: toFailure(error) } satisfies Opened);
}

function serve(store: Store, { keepKeys, version }: WorkerData): void {
  const domains = new Domains(store.database);
  const roomIds = new RoomIds(store.database);
  const records = new Records(store.database, version);
  const past = new Past(store.database, roomIds);
  const reader = new Reader(store.database, roomIds, records);
  const trimmer = new Trimmer(store.database, domains, past, keepKeys);
  const writer = new Writer(store.database, roomIds, records, past, version);
  const queue = new WriteQueue(store, domains, roomIds, writer);
  let closing = false;

  port.on('message', (first: Request[]) => {
    let requests: Request[] | undefined = first;
    // While one transaction was on its way to the disk others have come in: they all go into the next.
    // Questions come first, so that none waits for more than the one transaction under way.
    while (requests || !queue.isEmpty) {
      const replies: Reply[] = [];
      for (; requests; requests = receiveMessageOnPort(port)?.message as Request[] | undefined) {
        for (const request of requests) {
          if ('close' in request) closing = true;
          else if ('groups' in request) queue.add(request.id, request.domain, request.groups);
          else replies.push(reply(request));
        }
      }
      if (replies.length > 0) port.postMessage(replies);
      if (!queue.isEmpty) port.postMessage(queue.writeBatch());
      requests = receiveMessageOnPort(port)?.message as Request[] | undefined;
    }
    if (!closing) return;
    store.close();
    port.close();
  });

  function reply(request: Asked): Reply {
    const { id } = request;
    try {
      if ('domains' in request) return { id, answer: domains.names() };
      return { id, answer: answer(request.domain, request.question) };
    } catch (error) {
      return { id, failure: toFailure(error) };
    }
  }

  function answer(name: string, question: Question): unknown {
    const domain = domains.known(name) ?? write(() => domains.touch(name));
    switch (question.ask) {
      case 'head':
        return { epoch: domain.epoch, seq: domain.seq, floor: domain.floor, lives: domain.lives };
      case 'read':
        return reader.read(domain, question.range);
      case 'readBack':
        return reader.readBack(domain, question.range);
      case 'rows':
        return reader.rows(domain, question.subjects);
      case 'everyRow':
        return reader.everyRow(domain, question.page);
      case 'snapshot':
        return reader.snapshot(domain, question.page);
      case 'meetings':
        return reader.meetings(domain, question.room, question.others, question.limit);
      case 'trim':
        return trim(domain, question.retention);
      case 'keepFor':
        return write(() => trimmer.keepFor(domain, toText(question.reader), question.seq));
    }
  }

  function trim(domain: Domain, retention: Retention): Trimmed {
    const trimmed = write(() => trimmer.trim(domain, retention));
    if (!trimmed.more && past.isUnswept) past.isUnswept = !store.sweep();
    return trimmed;
  }

  function write<T>(work: () => T): T {
    try {
      return store.transaction(work);
    } catch (error) {
      domains.reset();
      roomIds.reset();
      throw error;
    }
  }
}
