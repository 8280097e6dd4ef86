import { Lifting } from '../lifting.ts';
import type { Listeners } from '../listeners.ts';
import type { Watcher } from '../log.ts';
import { LogError } from '../log-error.ts';
import type { RawResult } from './append-call.ts';
import { AppendQueue, type CallResult } from './append-queue.ts';
import { APPEND } from './append-script.ts';
import type { Connection } from './connection.ts';
import { Follower } from './follower.ts';
import { domainsKeyOf, keysOf, toName } from './names.ts';
import { newEpoch, Reader } from './reader.ts';
import { Records } from './records.ts';
import type { Settings } from './settings.ts';
import type { Sleeper } from './subscriber.ts';
import { Trimming } from './trimming.ts';

/** One domain, as this process deals with it. */
export interface Domain extends Sleeper {
  /** The channel on which its writes are announced. */
  readonly wakeChannel: string;
  /** The channel of its words. */
  readonly wordsChannel: string;
  readonly reader: Reader;
  readonly queue: AppendQueue;
  readonly follower: Follower;
  readonly trimming: Trimming;
}

/** Makes the parts of a domain and joins them. */
export function createDomain(
  name: string,
  connection: Connection,
  watchers: Listeners<Parameters<Watcher>>,
  settings: Settings,
): Domain {
  const keys = keysOf(settings.prefix, name);
  const lifting = new Lifting(settings.schema);
  const records = new Records(lifting);
  const reader = new Reader(connection, keys, records);
  const follower = new Follower(name, reader, watchers);
  const { writer, keepKeys, settle, wait } = settings;

  /** The life in which this domain is known to be in the list of all. */
  let listedIn: string | undefined;
  const list = () => connection.command('SADD', [domainsKeyOf(settings.prefix), toName(name)]);

  async function call(count: number, args: string[]): Promise<CallResult> {
    // First, so that no domain is ever without its place there, in which nobody would look after it.
    if (listedIn === undefined) await list();
    const answer = await connection.run(
      APPEND,
      [keys.meta, keys.lives, keys.rows, keys.wake],
      [keys.base, newEpoch(), writer, `${keepKeys}`, wait ? '1' : '0', `${count}`, ...args],
    );
    const [epoch, seq, isReplicated, results] = answer as [string, string, number, RawResult[]];
    // A new life may have lost the list, too.
    if (listedIn !== undefined && listedIn !== epoch) await list();
    listedIn = epoch;
    try {
      if (wait) await replicated(connection, wait);
    } catch (error) {
      // It is refused, but it is written.
      follower.saw(epoch, Number(seq));
      throw error;
    }
    return {
      epoch,
      seq: Number(seq),
      settle: settle ?? (isReplicated ? SETTLE_WITH_REPLICAS : 0),
      results,
    };
  }

  return {
    wakeChannel: keys.wake,
    wordsChannel: keys.words,
    reader,
    follower,
    trimming: new Trimming(connection, keys, keepKeys),
    queue: new AppendQueue(call, records, lifting.version, (epoch, seq, entries) =>
      follower.wrote(epoch, seq, entries),
    ),
    wake(message) {
      const [from, epoch, seq] = message.split(' ') as [string, string, string];
      // What this process wrote, it hands on when the append is answered.
      if (from !== writer) follower.saw(epoch, Number(seq));
    },
    missed: () => void follower.compare().catch(() => undefined),
  };
}

/** How long a replica that lags behind may take to be promoted without what was acknowledged, in ms. */
const SETTLE_WITH_REPLICAS = 5000;

async function replicated(
  connection: Connection,
  { replicas, within }: { replicas: number; within: number },
): Promise<void> {
  const reached = (await connection.command('WAIT', [`${replicas}`, `${within}`])) as number;
  if (reached < replicas) {
    throw new LogError('failed', `${reached} replicas of ${replicas} have it after ${within} ms`);
  }
}
