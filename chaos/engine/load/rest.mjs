import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds after which an answer counts as lost: longer than the engine is ever frozen. */
const PATIENCE = 8000;

/** Milliseconds between two attempts. */
const PAUSE = 150;

/** What an engine says of a call: its answer, its refusal, or nothing that arrived. */
const LOST = Symbol('lost');

/**
 * The engine's REST API as a person with a bad connection has it. What only asks, or may be done twice, is repeated
 * until it is answered; of the rest nobody knows whether it happened, and the engine's history has the last word.
 *
 * @param {{ url: () => string, counts: Record<string, number> }} tools
 */
export function createRest({ url, counts }) {
  /** @returns {Promise<{ status: number, body: any } | typeof LOST>} */
  async function attempt(account, method, path, body) {
    const authorization = `Basic ${Buffer.from(`${account.user}:${account.password}`).toString('base64')}`;
    const headers = { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    try {
      const answer = await fetch(`${url()}${path}`, {
        method,
        headers,
        signal: AbortSignal.timeout(PATIENCE),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
    } catch {
      return LOST;
    }
  }

  async function untilAnswered(...call) {
    for (;;) {
      const answer = await attempt(...call);
      if (answer !== LOST) return answer;
      counts.retried++;
      await sleep(PAUSE);
    }
  }

  return (account) => ({
    /** Asks; answers with nothing where the engine does not know what is asked for. */
    async get(path) {
      const { status, body } = await untilAnswered(account, 'GET', path);
      return status < 300 ? body : undefined;
    },
    /** Does what may be done twice. */
    async repeat(method, path, body) {
      counts.commands++;
      const { status, body: said } = await untilAnswered(account, method, path, body);
      if (status >= 400) counts.refused++;
      return { isDone: status < 300, status, said };
    },
    /** Does what may not; waits until the engine is there again where the answer was lost. */
    async once(method, path, body) {
      counts.commands++;
      const answer = await attempt(account, method, path, body);
      if (answer === LOST) {
        counts.unknown++;
        await untilAnswered(account, 'GET', '/version');
        return { isDone: false, isLost: true };
      }
      if (answer.status >= 400) counts.refused++;
      return { isDone: answer.status < 300, status: answer.status, said: answer.body };
    },
  });
}
