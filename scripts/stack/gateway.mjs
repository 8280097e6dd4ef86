import { setTimeout as sleep } from 'node:timers/promises';
import { at, bin } from '../lib/paths.mjs';
import { Problem } from '../lib/problem.mjs';
import { startService } from './service.mjs';

/** Starts a gateway; `env` is its configuration. It is back when it listens. */
export function startGateway({ env, log }) {
  return startService('gateway', bin('node'), [at('packages/gateway/src/main.ts'), 'serve'], {
    env: { HOST: '127.0.0.1', ...env },
    log,
    ready: /listening on (http:\/\/[^\s"]+)/,
    timeout: 30_000,
  });
}

/** Waits until the gateway says that it can deliver. */
export async function untilReady(gateway, timeout = 30_000) {
  const end = Date.now() + timeout;
  let last = 'no answer';
  while (Date.now() < end) {
    const answer = await fetch(`${gateway.url}/ready`).catch((error) => ({
      ok: false,
      status: error.message,
    }));
    if (answer.ok) return;
    last = answer.status;
    await sleep(100);
  }
  throw new Problem(`The gateway was not ready after ${timeout / 1000} s (${last}).`, {
    tail: gateway.tail.text,
  });
}
