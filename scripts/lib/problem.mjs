/** Something that the person at the keyboard can put right: told as its sentence, without a stack. */
export class Problem extends Error {
  /** @param {string} sentence @param {{ tail?: string, cause?: unknown }} [details] */
  constructor(sentence, details = {}) {
    super(sentence, { cause: details.cause });
    this.name = 'Problem';
    this.tail = details.tail;
  }
}
