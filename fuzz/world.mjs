import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { memoryOf } from '../scripts/lib/memory.mjs';
import { startGateway } from '../scripts/stack/gateway.mjs';
import { startEngine } from './engine.mjs';
import { WEBHOOKS } from './inputs/webhooks.mjs';

/** Megabytes of heap that the gateway may have: what grows with each input does not fit for long. */
const HEAP = 192;

const NO_PACE = Object.fromEntries(
  [
    ...['HANDSHAKES_NODE', 'HANDSHAKES_ADDRESS', 'ENGINE_COMMANDS', 'CHAT_COMMANDS', 'ROOM_REQUESTS'],
    ...['REFUSALS', 'PACKETS', 'HTTP_REQUESTS', 'HTTP_PUBLISHES', 'LOGINS'],
  ].map((name) => [`LIMIT_${name}`, 'off']),
);

/** Characters of what it says that are looked through together. */
const MOST_SAID = 10_000;

/** Lines of the log that are kept for the report. */
const MOST_LINES = 20;

/**
 * One gateway as it is served, on an embedded log, with all its doors open and its limits of pace far away: those
 * would keep the inputs from what lies behind.
 */
export async function openWorld(at, mutant) {
  const secret = randomBytes(32).toString('base64url');
  const publishKey = randomBytes(32).toString('base64url');
  const engine = await startEngine();
  const gateway = await startGateway({
    log: at('gateway.txt'),
    env: {
      PORT: '0',
      DATA_DIR: at('data'),
      JWT_SECRET: secret,
      PUBLISH_KEY: publishKey,
      DEFAULT_DOMAIN: 'red',
      WEBHOOKS: JSON.stringify(WEBHOOKS),
      CAMUNDA_URL: engine.url,
      CAMUNDA_CAPTURE: 'plugin',
      USERS: JSON.stringify([{ user: 'zoe', password: 'a-password-of-the-run', domain: 'red' }]),
      ...NO_PACE,
      NODE_OPTIONS: [
        `--max-old-space-size=${HEAP}`,
        `--import=${new URL('scales.mjs', import.meta.url)}`,
        ...(mutant ? [`--import=${new URL(`mutants/${mutant}.mjs`, import.meta.url)}`] : []),
      ].join(' '),
    },
  });
  /** Those who wait for the gateway to say what it holds. */
  const weighing = [];
  let said = '';
  gateway.hear((chunk) => {
    said = (said + chunk).slice(-MOST_SAID);
    const weight = /^holds (\d+) bytes$/m.exec(said);
    if (!weight) return;
    said = '';
    for (const tell of weighing.splice(0)) tell(Math.round(Number(weight[1]) / 2 ** 20));
  });
  let crash;
  let isExpected = false;
  gateway.exited.then(({ code, signal }) => {
    if (!isExpected) crash = `the gateway ended (${signal ?? code}):\n${gateway.tail.text}`;
  });
  return {
    url: gateway.url,
    port: Number(new URL(gateway.url).port),
    secret,
    publishKey,
    engine,
    get crash() {
      return crash;
    },
    /** Resident megabytes of the gateway. */
    get memory() {
      try {
        return Math.round(memoryOf(gateway.pid) / 2 ** 20);
      } catch {
        return 0;
      }
    },
    /** Megabytes that the gateway holds when its garbage is away; nothing where it has ended. */
    held() {
      const weight = new Promise((resolve) => weighing.push(resolve));
      gateway.kill('SIGUSR2');
      return Promise.race([weight, gateway.exited.then(() => undefined)]);
    },
    async end() {
      isExpected = true;
      await gateway.stop();
      await engine.end();
    },
    /** What the gateway's own log calls an error. */
    async errors() {
      const lines = [];
      for await (const line of createInterface({ input: createReadStream(at('gateway.txt')) }))
        if (/"level":[56]0|unhandled|uncaught/i.test(line) && lines.length < MOST_LINES)
          lines.push(line.slice(0, 1000));
      return lines;
    },
  };
}
