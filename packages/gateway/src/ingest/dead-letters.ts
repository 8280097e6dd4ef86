import { createHash } from 'node:crypto';
import type { Log } from '@netbuild/realtime-log';
import {
  DEAD_LETTER_BOOK,
  type DeadLetterData,
  type DeadLetterReason,
  deadLetterSubject,
  type Fact,
  MAX_DEAD_LETTERS,
} from '@netbuild/realtime-protocol';
import type { Logger } from 'pino';
import { dataOf } from '../rows.ts';
import type { Publish } from './publish.ts';

/** What is to be kept aside. */
export type NewLetter = Pick<
  DeadLetterData,
  'engine' | 'subscription' | 'reason' | 'about' | 'error' | 'commands'
>;

/** A letter in a list. */
export type LetterSummary = Omit<DeadLetterData, 'commands' | 'pushedOut'> & {
  /** Characters of its commands, as JSON. */
  size: number;
};

/** What could not be taken, and waits in the log for a person. */
export interface DeadLetters {
  /**
   * Keeps letters, each once, however often it comes; what is too large for one is kept as several.
   *
   * @param life the epoch that they have to be in; another one rejects with `life_over`
   * @returns where the log stands afterwards; `undefined` where there was nothing to keep
   */
  keep(letters: NewLetter[], life: string): Promise<{ seq: number } | undefined>;
  /** Letters in the order in which they came, a page of them. `next`: there are more, after that one. */
  list(after: number): Promise<{ letters: LetterSummary[]; next?: number }>;
  find(letter: number): Promise<DeadLetterData | undefined>;
  /** Nothing of it is left, in the log's past neither. */
  drop(letter: number): Promise<void>;
}

/** What dead letters need. */
export interface DeadLetterTools {
  log: Pick<Log, 'rows' | 'read'>;
  publish: Publish;
  /** The domain whose log has them; they are the operator's, of whatever tenant they speak. */
  domain: string;
  logger: Logger;
  /** Hears of each that is kept, and of each that was dropped for it. */
  onKept?: (reason: DeadLetterReason) => void;
  onPushedOut?: () => void;
}

/** The most characters of a letter's commands: so all letters together have a bound. */
const MAX_LETTER = 128 * 1024;

/** Letters that are read at once. */
const PAGE = 50;

/** Makes the dead letters of a log. */
export function createDeadLetters(tools: DeadLetterTools): DeadLetters {
  const { log, publish, domain, logger, onKept, onPushedOut } = tools;

  /** Each by itself: it counts on the one before it. */
  async function keepOne(letter: NewLetter, life: string): Promise<{ seq: number }> {
    const { epoch, seq, results } = await publish(domain, [keptFact(letter)], life);
    const [result] = results;
    if (result!.status === 'refused') throw result!.error;
    if (result!.status === 'new') tell(letter, await written(result!.seqs[0]!), epoch);
    return { seq };
  }

  async function written(seq: number): Promise<DeadLetterData | undefined> {
    const { entries } = await log.read(domain, { after: seq - 1, limit: 1 });
    return entries[0]?.seq === seq && !entries[0].erased ? dataOf<DeadLetterData>(entries[0]) : undefined;
  }

  function tell(
    { engine, subscription, reason, about, error }: NewLetter,
    data: DeadLetterData | undefined,
    epoch: string,
  ) {
    onKept?.(reason);
    const { letter, cut, pushedOut } = data ?? {};
    logger.warn(
      { engine, subscription, reason, about, error, letter, cut, epoch },
      'kept aside as a dead letter',
    );
    if (pushedOut === undefined) return;
    onPushedOut?.();
    logger.error(
      { letter: pushedOut, most: MAX_DEAD_LETTERS },
      'a dead letter is lost: there are too many, and the oldest went',
    );
  }

  const rows = async (numbers: number[]): Promise<DeadLetterData[]> =>
    (await log.rows(domain, numbers.map(deadLetterSubject)))
      .map((row) => dataOf<DeadLetterData>(row))
      .sort((a, b) => a.letter - b.letter);

  return {
    async keep(letters, life) {
      let kept: { seq: number } | undefined;
      for (const letter of letters.flatMap(fitting)) kept = await keepOne(letter, life);
      return kept;
    },

    async list(after) {
      const [book] = await log.rows(domain, [DEAD_LETTER_BOOK]);
      const { next: end } = book ? dataOf<{ next: number }>(book) : { next: 1 };
      const letters: LetterSummary[] = [];
      let at = Math.max(after + 1, end - MAX_DEAD_LETTERS);
      for (; at < end && letters.length < PAGE; at += PAGE) {
        const numbers = Array.from({ length: Math.min(PAGE, end - at) }, (_, n) => at + n);
        letters.push(...(await rows(numbers)).map(summary));
      }
      return { letters, ...(at < end ? { next: at - 1 } : {}) };
    },

    async find(letter) {
      const [found] = await rows([letter]);
      return found;
    },

    async drop(letter) {
      const fact: Fact = {
        source: 'gateway/dead-letters',
        id: `${letter}/dropped`,
        type: 'dead-letter:dropped',
        time: new Date().toISOString(),
        data: { letter },
      };
      const { results } = await publish(domain, [fact]);
      if (results[0]!.status === 'refused') throw results[0]!.error;
    },
  };
}

/** Its id is of what it says, so the same that comes again is the same letter. */
function keptFact(letter: NewLetter & { cut?: true }): Fact {
  const { engine, subscription } = letter;
  const digest = createHash('sha256').update(JSON.stringify(letter.commands)).digest('base64url');
  return {
    source: engine === undefined ? `subscription/${subscription}` : `engine/${engine}`,
    id: `dead-letter/${letter.reason}/${digest}`,
    type: 'dead-letter:kept',
    time: new Date().toISOString(),
    data: letter,
  };
}

/** Cuts a letter that is too large into several; of one event, or of what has none, only the beginning is kept. */
function fitting(letter: NewLetter): (NewLetter & { cut?: true })[] {
  const { commands } = letter;
  const text = JSON.stringify(commands);
  if (text.length <= MAX_LETTER) return [letter];
  const halves = commands.length > 1 ? halved(commands) : halvedEvents(commands[0]);
  if (halves) return halves.flatMap((half) => fitting({ ...letter, commands: half }));
  return [{ ...letter, commands: [text.slice(0, MAX_LETTER)], cut: true }];
}

function halved<T>(list: T[]): T[][] {
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)];
}

function halvedEvents(command: unknown): unknown[][] | undefined {
  const events = (command as { events?: unknown } | null)?.events;
  if (!Array.isArray(events) || events.length < 2) return undefined;
  return halved(events).map((half) => [{ ...(command as object), events: half }]);
}

function summary({ commands, pushedOut: _pushedOut, ...letter }: DeadLetterData): LetterSummary {
  return { ...letter, size: JSON.stringify(commands).length };
}
