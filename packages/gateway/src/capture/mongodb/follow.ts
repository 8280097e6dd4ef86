import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@netbuild/realtime-log';
import type { ChangeStreamDocument, Collection, ResumeToken } from 'mongodb';
import type { Logger } from 'pino';
import type { MongodbSource } from '../../config/mongodb.ts';
import type { Database } from '../../database.ts';
import { errorOf } from '../../error.ts';
import type { Publish } from '../../ingest/publish.ts';
import { createLease } from '../../lease.ts';
import { OWN_DOMAIN } from '../../own-domain.ts';
import type { Entering } from './entering.ts';
import { batchesOf } from './feed.ts';
import { type Document, keyText, placesOf, type Seen } from './mapping.ts';
import { ENDINGS, pipelineOf, seenOf } from './seen.ts';

/** What following a collection needs. */
export interface FollowTools {
  source: MongodbSource;
  /** Where its events belong. */
  domain: string;
  database: Pick<Database, 'db'>;
  log: Pick<Log, 'head' | 'rows'>;
  publish: Publish;
  entering: Pick<Entering, 'take'>;
  logger: Logger;
  /** This node, in this run of it. */
  holder: string;
  timing: FollowTiming;
  /** The collection is read, from its beginning; `lost`: since nobody knows what has happened in it since. */
  onReading: (why: 'first' | 'lost') => void;
}

/** How often. */
export interface FollowTiming {
  /** Milliseconds between renewals of the lease, with which it is written down how far the stream was read. */
  leaseEvery?: number | undefined;
  /** Milliseconds until what has failed is tried again; twice as long each time, up to a minute. */
  retryAfter?: number | undefined;
}

/** How far the work has come. */
interface Progress {
  /** Where the stream can be taken up; none: the server has not said so yet. */
  token: ResumeToken | undefined;
  /** Up to which key the collection was read, where that is not over. */
  reading?: { after?: unknown } | undefined;
  /** Whether the stream is yet to come to where the collection was read. */
  isBehind: boolean;
}

/** Changes, and documents of a reading, that are taken at once. */
const MOST = 500;

/** Milliseconds that the server waits for a change before it answers that there is none. */
const AWAIT = 1000;

const RETRY_AFTER = 500;
const LONGEST_RETRY = 60_000;

/** The collection is no longer the one that the stream was about. */
class Gone extends Error {}

/**
 * Follows a collection by its change stream until the signal ends, on one node at a time. The first time, and when the
 * server no longer knows where to go on, it reads all of the collection, and goes on from where the stream was before.
 *
 * How far it has come stands in the row of its lease, written after what was taken. So what is taken twice comes to
 * facts of the same ids; and should the log lose its end, the row has lost as much.
 */
export async function followCollection(tools: FollowTools, signal: AbortSignal): Promise<void> {
  const { source, domain, database, log, publish, holder, timing } = tools;
  const logger = tools.logger.child({ collection: source.collection, mongodbSource: source.name });
  const { BSON } = await import('mongodb');
  const fields = Object.fromEntries(placesOf(source).map((place) => [place, 1]));
  let progress: Progress | undefined;
  let failures = 0;

  const lease = createLease<string>(`mongodb/${source.name}`, {
    log,
    publish,
    holder,
    isOfLife: true,
    reached: () => (progress?.token ? BSON.EJSON.stringify(progress, { relaxed: false }) : undefined),
    ...(timing.leaseEvery === undefined ? {} : { every: timing.leaseEvery }),
  });

  /** @returns the life of the domain that belongs to the lease's; none: that one is over */
  async function lifeWithin(ownLife: string): Promise<string | undefined> {
    const { epoch } = await log.head(domain);
    return (await log.head(OWN_DOMAIN)).epoch === ownLife ? epoch : undefined;
  }

  async function followFrom(own: AbortSignal, life: string): Promise<void> {
    const collection = (await database.db()).collection<Document>(source.collection);
    const stream = collection.watch(pipelineOf(Object.keys(fields)), {
      fullDocument: 'updateLookup',
      maxAwaitTimeMS: AWAIT,
      batchSize: MOST,
      ...(source.events.some(({ on }) => on.includes('delete')) && {
        fullDocumentBeforeChange: 'whenAvailable',
      }),
      ...(progress?.token ? { startAfter: progress.token } : {}),
    });
    const close = (): void => void stream.close().catch(() => undefined);
    own.addEventListener('abort', close, { once: true });
    try {
      let first: ChangeStreamDocument | null = null;
      if (!progress || progress.reading) {
        // The server has the stream from here on, and says where that is, unless something has come already.
        first = await stream.tryNext();
        const token = first ? undefined : (stream.resumeToken ?? undefined);
        progress ??= { token, reading: {}, isBehind: true };
        await readAll(collection, progress, own, life);
        progress.reading = undefined;
      }
      for await (const { changes, token, isLast } of batchesOf(stream, first, MOST)) {
        own.throwIfAborted();
        const ending = changes.findIndex(({ operationType }) => ENDINGS.has(operationType));
        const before = ending < 0 ? changes : changes.slice(0, ending);
        const isBehind: boolean = progress!.isBehind;
        await tools.entering.take(await seenIn(collection, before, isBehind), life, isBehind);
        if (ending >= 0) throw new Gone(`the collection: ${changes[ending]!.operationType}`);
        progress = { token: token ?? progress!.token, isBehind: isBehind && !isLast };
        if (failures > 0) logger.info('the collection is followed again');
        failures = 0;
      }
    } finally {
      own.removeEventListener('abort', close);
      // Not waited for: a server that is frozen would have the node wait with it.
      close();
    }
  }

  async function readAll(
    collection: Collection<Document>,
    { reading, token }: Progress,
    own: AbortSignal,
    life: string,
  ): Promise<void> {
    const occurrence = randomUUID();
    logger.info({ after: reading!.after, isResumable: token !== undefined }, 'reading the collection');
    let read = 0;
    for (;;) {
      const { after } = reading!;
      // By an expression, since a plain comparison keeps to keys of one type.
      const filter = after === undefined ? {} : { $expr: { $gt: ['$_id', { $literal: after }] } };
      const page = await collection
        .find(filter, { projection: fields, sort: { _id: 1 }, limit: MOST, readConcern: 'majority' })
        .toArray();
      own.throwIfAborted();
      if (page.length === 0) break;
      await tools.entering.take(
        page.map((document) => ({ kind: 'found', key: document._id, document, occurrence, at: undefined })),
        life,
        true,
      );
      reading!.after = page.at(-1)!._id;
      read += page.length;
    }
    logger.info({ documents: read }, 'the collection was read');
  }

  /**
   * What changes say of their documents. What was inserted while the collection was being read may have been read as
   * it was later, so it is looked up: a document does not go back.
   */
  async function seenIn(
    collection: Collection<Document>,
    changes: ChangeStreamDocument[],
    isBehind: boolean,
  ): Promise<Seen[]> {
    const all = changes.flatMap((change) => seenOf(change) ?? []);
    if (!isBehind) return all;
    const keys = all.filter(({ kind }) => kind !== 'delete').map(({ key }) => key);
    const now = await collection
      .find({ _id: { $in: keys } } as object, { projection: fields, readConcern: 'majority' })
      .toArray();
    const documents = new Map(now.map((document) => [keyText(document._id), document]));
    return all.flatMap((seen) => {
      if (seen.kind === 'delete') return seen;
      const document = documents.get(keyText(seen.key));
      return document ? { ...seen, document } : [];
    });
  }

  await lease.whileHeld(signal, async (own, reached, ownLife) => {
    progress =
      reached === undefined ? undefined : (BSON.EJSON.parse(reached, { relaxed: false }) as Progress);
    if (progress === undefined) tools.onReading('first');
    logger.info('this node follows the collection');
    while (!own.aborted) {
      try {
        const life = await lifeWithin(ownLife);
        if (life === undefined) return;
        await followFrom(own, life);
      } catch (error) {
        if (own.aborted || errorOf(error).code === 'life_over') return;
        if (isLost(error) && (progress?.token || error instanceof Gone)) {
          logger.warn(
            { err: error },
            'what has happened in the collection since can not be told: all of it is read again',
          );
          progress = undefined;
          tools.onReading('lost');
          continue;
        }
        // What has happened since the stream was opened would be in no other.
        if (!progress?.token) progress = undefined;
        if (failures++ === 0) logger.warn({ err: error }, 'the collection can not be followed now');
        const rest = (timing.retryAfter ?? RETRY_AFTER) * 2 ** (failures - 1);
        await sleep(Math.min(rest, LONGEST_RETRY), undefined, { signal: own, ref: false }).catch(() => {});
      }
    }
  });
}

/**
 * The codes by which MongoDB says that a stream can not be taken up where it was
 * (https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml): ChangeStreamHistoryLost,
 * ChangeStreamFatalError, InvalidResumeToken, CappedPositionLost.
 */
const LOST: ReadonlySet<unknown> = new Set([286, 280, 260, 136]);

function isLost(error: unknown): boolean {
  return error instanceof Gone || LOST.has((error as { code?: unknown } | undefined)?.code);
}
