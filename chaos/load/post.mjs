import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a publisher waits for an acknowledgement before it sends the same again, in milliseconds. */
const PATIENCE = 3000;

/**
 * Asks until somebody answers.
 *
 * @param {() => { url: string, key: string }} target
 * @param {{ retried: number }} counts
 */
export function createPost(target, counts) {
  const agent = new Agent({ keepAlive: true, maxSockets: 128 });

  function post(path, type, body) {
    const { url, key } = target();
    return new Promise((resolve, reject) => {
      const call = request(
        `${url}${path}`,
        {
          agent,
          method: 'POST',
          headers: {
            'content-type': type,
            'content-length': Buffer.byteLength(body),
            authorization: `Bearer ${key}`,
          },
          signal: AbortSignal.timeout(PATIENCE),
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk) => {
            text += chunk;
          });
          response.on('error', reject);
          response.on('end', () => {
            try {
              resolve({ status: response.statusCode, answer: JSON.parse(text) });
            } catch (error) {
              reject(error);
            }
          });
          response.on('close', () => reject(new Error('cut')));
        },
      );
      call.on('error', reject);
      call.end(body);
    });
  }

  async function untilAnswered(...call) {
    for (;;) {
      try {
        const { status, answer } = await post(...call);
        if (status < 300) return answer;
        if (status < 500 && status !== 429 && !answer.error?.retryable)
          return { refused: answer.error ?? status };
      } catch {
        // Cut, refused or too late: whether it has entered is not known, so it is sent again.
      }
      counts.retried++;
      await sleep(50 + Math.random() * 150);
    }
  }

  return {
    /** Sends one fact, the same each time. */
    fact: (fact) => untilAnswered('/v1/events', 'application/cloudevents+json', JSON.stringify(fact)),
    /** Asks which life the log is in, by publishing nothing. */
    async epoch() {
      const sent = Date.now();
      const empty = JSON.stringify({ engine: 'chaos', commands: [] });
      const { epoch } = await untilAnswered('/v1/engine', 'application/json', empty);
      return { epoch, sent };
    },
  };
}
