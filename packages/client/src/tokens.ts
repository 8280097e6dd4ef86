import type { TokenAnswer } from '@netbuild/realtime-protocol';
import type { Link } from './core/connection.ts';
import type { Timing } from './core/timing.ts';
import type { ClientOptions } from './options.ts';

/** The source of tokens, for the next connection and for the one that there is. */
export class Tokens {
  #options: ClientOptions;
  #timing: Timing;
  #asked: { at: number; token: Promise<string> } | undefined;
  /** Counts who has gone: what was asked for them is for nobody. */
  #turn = 0;

  constructor(options: ClientOptions, timing: Timing) {
    this.#options = options;
    this.#timing = timing;
  }

  /** Asks once at a time, since some providers take each refresh token once. Who did not answer in time is asked anew. */
  get = (): Promise<string> => {
    const { token = '', getToken = () => token, connectTimeout = 20_000 } = this.#options;
    const at = this.#timing.now();
    if (!this.#asked || at - this.#asked.at >= connectTimeout) {
      const asked = { at, token: (async () => getToken())() };
      const done = (): void => {
        if (this.#asked === asked) this.#asked = undefined;
      };
      asked.token.then(done, done);
      this.#asked = asked;
    }
    return this.#asked.token;
  };

  /** Puts a fresh one in the place of the connection's, which is about to end. */
  renew(connection: Link): void {
    // One that does not change would be the same, and the one that is being asked for is for it already.
    if (!this.#options.getToken || this.#asked) return;
    const settle = (answer?: TokenAnswer): void => {
      // It may do for another connection. Where nobody could say, this one lasts until its own token ends.
      if (answer?.success === false && !answer.error.retryable)
        connection.happens('lost', { reason: 'token' });
    };
    const turn = this.#turn;
    this.get().then(
      (token) => turn === this.#turn && connection.send('token', { token }, settle),
      () => undefined,
    );
  }

  /** What is being asked for is for somebody who has gone. */
  forget(): void {
    this.#turn++;
    this.#asked = undefined;
  }
}
