import { Listeners } from './listeners.ts';
import type { Hearer } from './log.ts';
import { LogError } from './log-error.ts';
import { checkDomain } from './usage.ts';

/** Characters of one word. */
export const MAX_WORD = 65_536;

/** Who hears the words that are cast. Own ones are told by themselves, whether or not the others can be reached. */
export class Words {
  readonly #hearers = new Listeners<Parameters<Hearer>>();

  /** Adds who hears; returns the way to stop. */
  hear(hearer: Hearer): () => void {
    return this.#hearers.add(hearer);
  }

  /** Tells a word of this process, once whoever cast it is done. */
  cast(domain: string, text: string): void {
    checkDomain(domain);
    if (typeof text !== 'string' || text.length > MAX_WORD)
      throw new LogError('misused', `a word is a text of at most ${MAX_WORD} characters`);
    queueMicrotask(() => this.tell(domain, text));
  }

  tell(domain: string, text: string): void {
    this.#hearers.tell(domain, text);
  }

  clear(): void {
    this.#hearers.clear();
  }
}
