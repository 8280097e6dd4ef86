import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { Domains } from './domains.ts';
import { toFailure } from './failure.ts';
import type { Opened, Question, Reply, Request } from './messages.ts';
import { Reader } from './reader.ts';
import { Records } from './records.ts';
import { RoomIds } from './room-ids.ts';
import { Store } from './store.ts';
import { WriteQueue } from './write-queue.ts';
import { Writer } from './writer.ts';

const port = parentPort!;
try {
  serve(new Store((workerData as { directory: string }).directory));
  port.postMessage({ opened: true } satisfies Opened);
} catch (error) {
  port.postMessage({ failure: toFailure(error) } satisfies Opened);
}

function serve(store: Store): void {
  const domains = new Domains(store.database);
  const roomIds = new RoomIds(store.database);
  const records = new Records(store.database);
  const reader = new Reader(store.database, roomIds, records);
  const queue = new WriteQueue(store, domains, roomIds, new Writer(store.database, roomIds, records));
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
          else replies.push(reply(request.id, request.domain, request.question));
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

  function reply(id: number, domain: string, question: Question): Reply {
    try {
      return { id, answer: answer(domain, question) };
    } catch (error) {
      return { id, failure: toFailure(error) };
    }
  }

  function answer(name: string, question: Question): unknown {
    const domain = domains.known(name) ?? begin(name);
    switch (question.ask) {
      case 'head':
        return { epoch: domain.epoch, seq: domain.seq, lives: domain.lives };
      case 'read':
        return reader.read(domain, question.range);
      case 'readBack':
        return reader.readBack(domain, question.range);
      case 'rows':
        return reader.rows(domain, question.subjects);
      case 'snapshot':
        return reader.snapshot(domain, question.page);
      case 'meeting':
        return reader.meeting(domain, question.room, question.others);
    }
  }

  function begin(name: string) {
    try {
      return store.transaction(() => domains.touch(name));
    } catch (error) {
      domains.reset();
      throw error;
    }
  }
}
