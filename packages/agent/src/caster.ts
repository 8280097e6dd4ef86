import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from './run.ts';

/** What a caster needs. */
export interface CasterTools {
  url: string;
  key: string | (() => string);
  source: string;
  /** Milliseconds between two requests: what is said meanwhile goes together. */
  every: number;
  /** Milliseconds after which a run that says nothing asks whether it may go on. */
  askEvery: number;
}

/** Says on the screens what runs are saying, and hears for them whether they may go on. */
export interface Caster {
  add(run: Run, domain: string | undefined): () => void;
  close(): void;
}

/** Milliseconds that a gateway has to take what it keeps nowhere. */
const ANSWER_WITHIN = 5000;

/** Events of one request. */
const MOST = 100;

/** Characters of one delta. */
const MOST_TEXT = 4096;

/** A run, and when it was last heard of. */
interface Cast {
  run: Run;
  domain: string | undefined;
  at: number;
}

/**
 * Makes a caster. What it could not say is not said again: the next step of the message has it, and whoever reads
 * goes on from there.
 */
export function createCaster({ url, key, source, every, askEvery }: CasterTools): Caster {
  const endpoint = `${url.replace(/\/+$/, '')}/v1/events`;
  const runs = new Set<Cast>();
  const closing = new AbortController();
  let isRunning = false;

  function gather(): { cast: Cast; data: object }[] {
    const now = performance.now();
    const due: { cast: Cast; data: object }[] = [];
    for (const cast of runs) {
      if (due.length === MOST) break;
      const piece = cast.run.unheard(MOST_TEXT);
      if (piece) cast.run.heard(piece);
      const data = piece ?? (now - cast.at >= askEvery ? cast.run.question() : undefined);
      if (!data) continue;
      cast.at = now;
      due.push({ cast, data });
      // Others may have been left out: this one comes after them.
      runs.delete(cast);
      runs.add(cast);
    }
    return due;
  }

  async function post(due: { cast: Cast; data: object }[]): Promise<void> {
    const time = new Date().toISOString();
    const events = due.map(({ cast: { domain }, data }) => ({
      specversion: '1.0',
      id: randomUUID(),
      source,
      type: 'agent:delta',
      time,
      ...(domain !== undefined && { domain }),
      data,
    }));
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${typeof key === 'string' ? key : key()}`,
        'content-type': 'application/cloudevents-batch+json',
      },
      body: JSON.stringify(events),
      signal: AbortSignal.any([closing.signal, AbortSignal.timeout(ANSWER_WITHIN)]),
    });
    const { results } = (await answer.json()) as { results?: { error?: { code?: string } }[] };
    if (!Array.isArray(results)) throw new Error(`HTTP ${answer.status}`);
    for (const [n, { cast }] of due.entries()) {
      const code = results[n]?.error?.code;
      if (code !== undefined) cast.run.refused(code);
    }
  }

  async function loop(): Promise<void> {
    let wait = every;
    while (runs.size > 0 && !closing.signal.aborted) {
      const due = gather();
      if (due.length > 0)
        wait = await post(due).then(
          () => every,
          // Nobody is told: what is durable goes another way, which says what is wrong.
          () => Math.min(askEvery, wait * 2),
        );
      await sleep(wait, undefined, { signal: closing.signal }).catch(() => undefined);
    }
    isRunning = false;
  }

  return {
    add(run, domain) {
      const cast: Cast = { run, domain, at: performance.now() };
      runs.add(cast);
      if (!isRunning) {
        isRunning = true;
        void loop();
      }
      return () => runs.delete(cast);
    },
    close: () => closing.abort(),
  };
}
