import type { Limit, Retention, Trimmed } from '../log.ts';
import type { Connection } from './connection.ts';
import { type DomainKeys, fromName, toBeginnings, toName } from './names.ts';
import { newEpoch } from './reader.ts';
import { LET_GO, TRIM } from './trim-scripts.ts';

/** Forgets what is no longer kept of a domain. Keys expire by themselves. */
export class Trimming {
  readonly #connection: Connection;
  readonly #keys: DomainKeys;
  readonly #keepKeys: number;

  constructor(connection: Connection, keys: DomainKeys, keepKeys: number) {
    this.#connection = connection;
    this.#keys = keys;
    this.#keepKeys = keepKeys;
  }

  async trim({
    events = {},
    waiting,
    ended,
    lasting = [],
  }: Retention): Promise<Trimmed & { epoch: string; seq: number }> {
    const { base, meta, lives, rows, marks, readers } = this.#keys;
    const endedAge = ended === undefined ? undefined : Math.max(ended, this.#keepKeys);
    const ages = [events.age, waiting?.age, endedAge].filter((age) => age !== undefined);
    const span = ages.length > 0 ? [Math.min(...ages), Math.max(...ages)] : [undefined, undefined];
    const numbers = [...toPair(events), ...toPair(waiting), endedAge, ...span];
    const answer = await this.#connection.run(
      TRIM,
      [meta, lives, rows, marks, readers],
      [base, newEpoch(), ...numbers.map((number) => `${number ?? ''}`), ...lasting.flatMap(toBeginnings)],
    );
    const [epoch, seq, stored, more, found] = answer as [string, string, string, number, string[]];
    const floor = Number(stored);
    const behind: Trimmed['behind'] = [];
    for (let n = 0; n < found.length; n += 2) {
      const reader = { reader: fromName(found[n]!), seq: Number(found[n + 1]) };
      if (reader.seq < floor) behind.push(reader);
    }
    behind.sort((a, b) => (a.reader < b.reader ? -1 : 1));
    return { epoch, seq: Number(seq), floor, more: more === 1, behind };
  }

  async letGo(epoch: string, gone: readonly { subject: string; seq: number }[]): Promise<number> {
    const { base, meta, lives, rows } = this.#keys;
    const named = gone.flatMap(({ subject, seq }) => [toName(subject), `${seq}`]);
    return (await this.#connection.run(LET_GO, [meta, lives, rows], [base, epoch, ...named])) as number;
  }

  async keepFor(reader: string, seq: number | undefined): Promise<void> {
    const name = toName(reader);
    if (seq === undefined) await this.#connection.command('HDEL', [this.#keys.readers, name]);
    else await this.#connection.command('HSET', [this.#keys.readers, name, `${seq}`]);
  }
}

function toPair({ age, count }: Limit = {}): (number | undefined)[] {
  return [age, count];
}
