import { randomUUID } from 'node:crypto';
import type { Log } from '@netbuild/realtime-log';
import { type DeadLetterData, isCustomType, type RealtimeError } from '@netbuild/realtime-protocol';
import type { MongodbSource } from '../../config/mongodb.ts';
import type { Database } from '../../database.ts';
import { errorOf } from '../../error.ts';
import type { DeadLetters, NewLetter } from '../../ingest/dead-letters.ts';
import type { Publish } from '../../ingest/publish.ts';
import { type Document, factsOf, type Mapped, placesOf, type Seen } from './mapping.ts';
import { plain } from './plain.ts';

/** What the way from a collection into the log needs. */
export interface EnteringTools {
  source: MongodbSource;
  /** Where its events belong. */
  domain: string;
  database: Pick<Database, 'db'>;
  log: Pick<Log, 'head'>;
  publish: Publish;
  deadLetters: Pick<DeadLetters, 'keep'>;
  /** The domain of dead letters. */
  home: string;
  /** For how many milliseconds the log knows a fact. */
  keepKeys: number;
  /** Why a fact's data is not taken, whatever it says: it is too large, or nested too deep. */
  unfit: (data: unknown) => RealtimeError | undefined;
}

/** The way of what was seen in a collection into the log. */
export interface Entering {
  /**
   * Takes what was seen, and keeps aside what can not enter: once it resolves, all of it is in the log.
   *
   * @param life of the domain; another one rejects with `life_over`
   * @param mayBeThere what was inserted may be known from a reading
   * @throws {@link RealtimeError} that is retryable: all of it may be taken again
   */
  take(seen: Seen[], life: string, mayBeThere: boolean): Promise<void>;
  /**
   * Takes what a dead letter is about again, as the document is now, with what the settings say now.
   * @returns why it still can not enter; `undefined` where it has
   */
  replay(letter: DeadLetterData): Promise<string | undefined>;
}

/** Facts that are published at once. */
const MOST = 500;

/** Makes the {@link Entering} of a source. */
export function createEntering(tools: EnteringTools): Entering {
  const { source, domain, database, log, publish, deadLetters, home, keepKeys, unfit } = tools;

  async function enter(seen: Seen[], life: string | undefined, mayBeThere: boolean): Promise<NewLetter[]> {
    const refused: { of: Seen; error: RealtimeError; mapped?: Mapped }[] = [];
    const facts: (Mapped & { of: Seen })[] = [];
    for (const of of seen) {
      try {
        for (const mapped of factsOf(source, of, keepKeys)) {
          const error = unfit(mapped.fact.data);
          if (error) refused.push({ of, error, mapped });
          else facts.push({ ...mapped, of });
        }
      } catch (thrown) {
        refused.push({ of, error: errorOf(thrown) });
      }
    }
    for (let from = 0; from < facts.length; from += MOST) {
      const some = facts.slice(from, from + MOST);
      const { results } = await publish(
        domain,
        some.map(({ fact }) => fact),
        life,
      );
      results.forEach((result, i) => {
        if (result.status !== 'refused') return;
        const { error } = result;
        const mapped = some[i]!;
        // What may work later is taken again, and all that comes after it.
        if (error.toWire().retryable) throw error;
        if (mayBeThere && error.code === 'duplicate_id' && isOfBeginning(mapped)) return;
        refused.push({ of: mapped.of, error, mapped });
      });
    }
    return Promise.all(refused.map(({ of, error, mapped }) => letterOf(source, of, error, mapped)));
  }

  return {
    async take(seen, life, mayBeThere) {
      const letters = await enter(seen, life, mayBeThere);
      if (letters.length > 0) await deadLetters.keep(letters, (await log.head(home)).epoch);
    },

    async replay({ commands, cut }) {
      if (cut) return 'Only its beginning was kept.';
      const { BSON } = await import('mongodb');
      const all = commands.map((command) => BSON.EJSON.parse(JSON.stringify(command)) as Seen);
      const collection = (await database.db()).collection<Document>(source.collection);
      const projection = Object.fromEntries(placesOf(source).map((place) => [place, 1]));
      const seen: Seen[] = [];
      const occurrence = randomUUID();
      for (const kept of all) {
        const now =
          kept.kind === 'delete'
            ? null
            : await collection.findOne({ _id: kept.key } as object, { projection, readConcern: 'majority' });
        seen.push({ ...kept, document: now ?? kept.document, occurrence: kept.occurrence || occurrence });
      }
      const [letter] = await enter(seen, undefined, false);
      return letter?.error;
    },
  };
}

/** What only an insertion is told by says no more than that there is something, and there is. */
const isOfBeginning = ({ event: { on, type } }: Mapped): boolean =>
  !isCustomType(type) && on.length === 1 && on[0] === 'insert';

/** What could not enter, as it was seen, so that it can be mapped again. */
async function letterOf(
  source: MongodbSource,
  seen: Seen,
  error: RealtimeError,
  mapped?: Mapped,
): Promise<NewLetter> {
  const { BSON } = await import('mongodb');
  const key = JSON.stringify(plain(seen.key));
  // The next reading that finds it is the same letter.
  const kept = seen.kind === 'found' ? { ...seen, occurrence: '' } : seen;
  return {
    engine: `${MONGODB}${source.name}`,
    reason: 'refused_fact',
    about: [`${mapped?.fact.type ?? seen.kind} ${source.collection}/${key}`.slice(0, 200)],
    error: `${error.code}: ${error.message}`.slice(0, 4000),
    commands: [JSON.parse(BSON.EJSON.stringify(kept, { relaxed: false }))],
  };
}

/** Before the name of a source, where those of engines have no slash. */
export const MONGODB = 'mongodb/';
