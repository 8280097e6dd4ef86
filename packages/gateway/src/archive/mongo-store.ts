import { LogError } from '@netbuild/realtime-log';
import { LOG_SCHEMA, type Subject } from '@netbuild/realtime-protocol';
import type { Collection, Db, MongoBulkWriteError } from 'mongodb';
import type { Database } from '../database.ts';
import { answered } from '../impatient.ts';
import { type Archived, type ArchiveStore, type ArchiveTurn, TurnOver } from './store.ts';

/** A message at its place. */
interface MessageDocument {
  /** `<domain>/<seq>`, the domain escaped and the seq with leading zeros: one index for all that is asked by place. */
  _id: string;
  domain: string;
  seq: number;
  subject: string;
  /** Of the shape of the body. */
  version: number;
  /** The event as JSON text, to the letter as the log has it. */
  body: string;
  /** Whose write it was. */
  turn: number;
}

/** How far a domain is stored, and who does it. */
interface PositionDocument {
  _id: string;
  turn: number;
  epoch?: string;
  seq?: number;
}

/** Names of the collections; the database is also others'. */
const MESSAGES = 'realtime_messages';
const POSITIONS = 'realtime_archive';

/** Milliseconds that MongoDB has to answer. */
const WITHIN = 10_000;

/** The last place that there can be. */
const LAST = Number.MAX_SAFE_INTEGER;

/** Documents in one page of a search. */
const PAGE = 500;

/** What is there already, written by somebody whose turn came later. */
const DUPLICATE_KEY = 11_000;

/**
 * Acknowledged is what most of the replica set has, and what is read is the primary's, whatever the URL says: a message
 * that is stored is let go of elsewhere.
 */
const SURE = { writeConcern: { w: 'majority' }, readPreference: 'primary' } as const;

/** The {@link ArchiveStore} in NetBuild's database. It needs no transactions: each write is of one document. */
export function createMongoStore(database: Pick<Database, 'db'>): ArchiveStore {
  let ready: Promise<void> | undefined;

  async function open() {
    const db: Db = await database.db();
    const messages: Collection<MessageDocument> = db.collection(MESSAGES, SURE);
    const positions: Collection<PositionDocument> = db.collection(POSITIONS, SURE);
    ready ??= messages.createIndex({ domain: 1, subject: 1 }).then(() => undefined);
    // What has failed is tried again with the next question.
    await ready.catch((error: unknown) => {
      ready = undefined;
      throw error;
    });
    return { messages, positions };
  }

  /** Asks something of the collections; it ends. */
  async function ask<T>(question: (of: Awaited<ReturnType<typeof open>>) => Promise<T>): Promise<T> {
    try {
      return await answered(open().then(question), WITHIN, 'MongoDB');
    } catch (error) {
      if (error instanceof LogError || error instanceof TurnOver) throw error;
      throw new LogError('failed', `MongoDB: ${(error as Error).message}`, { cause: error });
    }
  }

  function turnOf(domain: string, turn: number, reached: ArchiveTurn['reached']): ArchiveTurn {
    const name = stored(domain);
    const own = { domain: name, turn: { $lte: turn } };
    const between = (after: number, upTo: number) => ({
      $gt: placeOf(domain, after),
      $lte: placeOf(domain, upTo),
    });

    async function put(messages: readonly Archived[]): Promise<void> {
      if (messages.length === 0) return;
      const documents = messages.map(({ seq, subject, body }) => ({
        _id: placeOf(domain, seq),
        domain: name,
        seq,
        subject: stored(subject),
        version: LOG_SCHEMA.version,
        body,
        turn,
      }));
      await ask(async (of) => {
        const taken = await insert(of.messages, documents);
        if (taken.length === 0) return;
        const operations = taken.map(({ _id, ...fields }) => ({
          // One of a later turn is not found, and can not be made a second time.
          updateOne: { filter: { _id, turn: own.turn }, update: { $set: fields }, upsert: true },
        }));
        try {
          await of.messages.bulkWrite(operations, { ordered: false });
        } catch (error) {
          throw (error as MongoBulkWriteError).code === DUPLICATE_KEY ? new TurnOver() : error;
        }
      });
    }

    return {
      reached,
      put,
      async replace(after, upTo, messages) {
        const kept = messages.map(({ seq }) => placeOf(domain, seq));
        await ask((of) =>
          of.messages.deleteMany({
            ...own,
            _id: { ...between(after, upTo), ...(kept.length > 0 && { $nin: kept }) },
          }),
        );
        await put(messages);
      },
      async erase(subjects, before) {
        await ask((of) => of.messages.deleteMany({ ...own, ...ofSubjects(subjects, before) }));
      },
      async remove(seqs) {
        if (seqs.length === 0) return;
        const places = seqs.map((seq) => placeOf(domain, seq));
        await ask((of) => of.messages.deleteMany({ ...own, _id: { $in: places } }));
      },
      async reach({ epoch, seq }) {
        const { matchedCount } = await ask((of) =>
          of.positions.updateOne({ _id: name, turn }, { $set: { epoch, seq } }),
        );
        if (matchedCount === 0) throw new TurnOver();
      },
      async list(after, upTo, limit) {
        const found = await ask((of) =>
          of.messages
            .find({ domain: name, _id: between(after, upTo) }, { projection: { seq: 1, subject: 1 } })
            .sort({ _id: 1 })
            .limit(limit)
            .toArray(),
        );
        return found.map(({ seq, subject }) => ({ seq, subject: named(subject) }));
      },
    };
  }

  return {
    async take(domain) {
      const found = await ask((of) =>
        of.positions.findOneAndUpdate(
          { _id: stored(domain) },
          { $inc: { turn: 1 } },
          { upsert: true, returnDocument: 'after' },
        ),
      );
      const { turn, epoch, seq } = found!;
      return turnOf(domain, turn, epoch === undefined ? undefined : { epoch, seq: seq! });
    },
    async at(domain, seqs) {
      if (seqs.length === 0) return [];
      const places = seqs.map((seq) => placeOf(domain, seq));
      const found = await ask((of) => of.messages.find({ _id: { $in: places } }).toArray());
      return found.map(({ seq, subject, version, body }) => {
        const name = named(subject);
        return { seq, subject: name, body: lifted(body, version, name) };
      });
    },
    async *naming(domain, texts) {
      const name = stored(domain);
      const anyOf = texts.map((text) => ({ body: { $regex: escaped(text) } }));
      for (let last = placeOf(domain, 0); ; ) {
        const found = await ask((of) =>
          of.messages
            .find(
              { domain: name, _id: { $gt: last, $lte: placeOf(domain, LAST) }, $or: anyOf },
              { projection: { subject: 1 } },
            )
            .sort({ _id: 1 })
            .limit(PAGE)
            .toArray(),
        );
        if (found.length === 0) return;
        yield [...new Set(found.map(({ subject }) => named(subject)))];
        last = found.at(-1)!._id;
      }
    },
    async erase(domain, subjects, before) {
      if (subjects.length === 0) return;
      await ask((of) => of.messages.deleteMany({ domain: stored(domain), ...ofSubjects(subjects, before) }));
    },
  };
}

/** Inserts those whose places are free, as nearly all are; back come the others. */
async function insert(
  messages: Collection<MessageDocument>,
  documents: readonly MessageDocument[],
): Promise<MessageDocument[]> {
  try {
    await messages.insertMany(documents, { ordered: false });
    return [];
  } catch (error) {
    const { writeErrors, result } = error as Partial<MongoBulkWriteError>;
    const refused = [writeErrors ?? []].flat();
    const isOnlyTaken = refused.length > 0 && refused.every(({ code }) => code === DUPLICATE_KEY);
    // Beside what was refused, the driver does not say by its code that the rest is not yet with most of the set.
    if (!isOnlyTaken || result?.getWriteConcernError()) throw error;
    return refused.map(({ index }) => documents[index]!);
  }
}

function ofSubjects(subjects: readonly Subject[], before: number) {
  return { subject: { $in: subjects.map(stored) }, seq: { $lt: before } };
}

/** A name as it is stored: UTF-8 has no lone surrogates, and two such names could be taken for one. */
function stored(name: string): string {
  return JSON.stringify(name).slice(1, -1);
}

/** The name that was stored. */
function named(text: string): Subject {
  return JSON.parse(`"${text}"`) as Subject;
}

/** Where a message stands: in the order of places, domain by domain. */
function placeOf(domain: string, seq: number): string {
  return `${encodeURIComponent(stored(domain))}/${String(seq).padStart(16, '0')}`;
}

function lifted(body: string, version: number, subject: Subject): string {
  if (version === LOG_SCHEMA.version) return body;
  if (version < LOG_SCHEMA.version) return LOG_SCHEMA.lift(body, version, subject);
  throw new LogError('newer', `A newer version wrote what is stored in MongoDB (its schema is ${version}).`);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
