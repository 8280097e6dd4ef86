import type { Log } from '@netbuild/realtime-log';
import {
  EPHEMERAL,
  type Ephemeral,
  type EphemeralData,
  type EphemeralType,
} from '@netbuild/realtime-protocol';

/** A word to say: its time is told by who says it. */
export type Word = { [T in EphemeralType]: Omit<Ephemeral<T>, 'time'> }[EphemeralType];

/** The words of one domain, that go between the nodes and are kept nowhere. */
export interface Words {
  /** Says a word on all nodes, this one too. */
  cast(word: Word): void;
  close(): void;
}

/** @param heard hears what was said, by whichever node; what comes at once is told at once */
export function createWords(
  log: Pick<Log, 'cast' | 'hear'>,
  domain: string,
  heard: (words: Ephemeral[]) => void,
): Words {
  let arriving: Ephemeral[] = [];

  function tell(): void {
    const words = arriving;
    arriving = [];
    heard(joined(words));
  }

  const stop = log.hear((from, text) => {
    // What nodes say to each other about presence is none.
    if (from !== domain || !text.startsWith('{')) return;
    const word = JSON.parse(text) as Ephemeral;
    // Another version of the gateway may say what this one does not know.
    if (!Object.hasOwn(EPHEMERAL, word.type)) return;
    if (arriving.push(word) === 1) queueMicrotask(tell);
  });

  return {
    cast: (word) => log.cast(domain, JSON.stringify({ ...word, time: new Date().toISOString() })),
    close: stop,
  };
}

/** The same in fewer words: pieces of an answer that follow one on the other are one. */
export function joined(words: readonly Ephemeral[]): Ephemeral[] {
  const shorter: Ephemeral[] = [];
  /** Where the last piece of each answer stands. */
  const pieces = new Map<string, number>();
  for (const word of words) {
    if (word.type !== 'agent:delta') {
      shorter.push(word);
      continue;
    }
    const { agentId, messageId, offset, text } = word.data;
    const answer = JSON.stringify([agentId, messageId, word.rooms]);
    const at = pieces.get(answer);
    const before = at === undefined ? undefined : (shorter[at]!.data as EphemeralData<'agent:delta'>);
    if (at !== undefined && before && before.offset + before.text.length === offset)
      shorter[at] = { ...word, data: { ...word.data, offset: before.offset, text: before.text + text } };
    else pieces.set(answer, shorter.push(word) - 1);
  }
  return shorter;
}
