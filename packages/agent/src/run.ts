import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AgentData, MAX_RESULT_LENGTH } from '@netbuild/realtime-protocol';
import { PublishError, type Publisher } from '@netbuild/realtime-publisher';
import { createSpeech, type Piece, type Speech } from './speech.ts';

/** How often a run is heard of. */
export interface RunTiming {
  /** Milliseconds that it counts as thinking after its last sign of life. */
  ttl: number;
  /** Milliseconds from one durable step of its text to the next. */
  stepEvery: number;
  /** Characters after which a step is not waited for. */
  stepSize: number;
  /** Milliseconds that its end may take to be heard of before the engine is told all the same. */
  endWithin: number;
}

/** What a run is of. */
export interface RunOf {
  agent: string;
  /** The id that all runs of the same task begin with. */
  taskId: string;
  where: Pick<AgentData, 'processInstanceId' | 'activityId' | 'engine' | 'externalTaskId'>;
}

/** Why a run has to end before it is done. */
export type Halt = 'stopped' | 'ended';

/** One run of an agent, as the gateway hears of it. */
export interface Run {
  /** Aborts, with the {@link Halt} as its reason, when the gateway has said that it is over. */
  signal: AbortSignal;
  say(text: string): Promise<void>;
  status(words: string): void;
  usage(used: Record<string, number>): void;
  complete(result: Record<string, unknown>): Promise<void>;
  fail(failure: {
    reason: AgentData['reason'];
    failure?: string | undefined;
    code?: string | undefined;
  }): Promise<void>;
  /** What the screens have yet to hear, once the gateway knows the run. */
  unheard(most: number): (Piece & { agentId: string }) | undefined;
  heard(piece: Piece): void;
  /** The question whether it may go on. */
  question(): { agentId: string; messageId: string; offset: number; text: string } | undefined;
  /** Tells it that the gateway has refused something of it. */
  refused(code: string): void;
}

/** So many signs of life fit into a lease; two may fail. */
const SIGNS = 3;

/** Runs that a task may have had before its next one is called by chance alone. */
const MOST_RUNS = 50;

/** Milliseconds from one change of the words to the next. */
const WORDS_EVERY = 1000;

/** Characters that may wait to be durable before who says more has to wait. */
const MOST_WAITING = 65_536;

/** Begins a run; it is heard of as soon as the gateway can be reached, and waits for nothing meanwhile. */
export function startRun(
  { agent, taskId, where }: RunOf,
  publisher: Pick<Publisher, 'send'>,
  timing: RunTiming,
  onTrouble: (error: unknown) => void,
): Run {
  const holder = randomUUID();
  const halting = new AbortController();
  const used: Record<string, number> = {};
  let agentId: string | undefined;
  let speech: Speech | undefined;
  /** What is said before the run has an id. */
  let early = '';
  let words: string | undefined;
  let isOver = false;
  /** Whether there is nobody to speak to: the message was deleted, or is no longer what was said. */
  let isMute = false;
  let stepping: Promise<void> | undefined;
  let lastStep = Number.NEGATIVE_INFINITY;
  let wake: NodeJS.Timeout | undefined;
  let telling: NodeJS.Timeout | undefined;
  let lastSign = Number.NEGATIVE_INFINITY;
  let drained = deferred();

  function refused(code: string): void {
    if (code === 'agent_stopped') halting.abort('stopped' satisfies Halt);
    if (code === 'agent_ended') halting.abort('ended' satisfies Halt);
  }

  const codeOf = (error: unknown): string => (error instanceof PublishError ? error.code : 'unknown');

  /** Finds the number of this run among those of the task, which names the one before. */
  async function begin(): Promise<string> {
    let follows: string | undefined;
    for (let n = 1; ; n++) {
      const id = n > MOST_RUNS ? `${taskId}.${holder}` : `${taskId}.${n}`;
      try {
        await publisher.send('agent:thinking', {
          agentId: id,
          agent,
          holder,
          ttl: timing.ttl,
          ...where,
          ...(follows !== undefined && { follows }),
          ...(words !== undefined && { words }),
        });
        return id;
      } catch (error) {
        const isTaken = ['agent_ended', 'agent_stopped'].includes(codeOf(error));
        if (!isTaken || n > MOST_RUNS) throw error;
        follows = id;
      }
    }
  }

  const begun = begin().then(
    (id) => {
      agentId = id;
      speech = createSpeech(id);
      speech.add(early);
      early = '';
      if (words !== undefined) void sign();
      step();
    },
    (error: unknown) => {
      // What can not be said is no reason not to do the work.
      isMute = true;
      onTrouble(error);
    },
  );

  async function sign(): Promise<void> {
    if (agentId === undefined || isOver) return;
    lastSign = performance.now();
    try {
      await publisher.send('agent:thinking', {
        agentId,
        agent,
        holder,
        ttl: timing.ttl,
        ...(words !== undefined && { words }),
      });
    } catch (error) {
      if (!isOver) refused(codeOf(error));
    }
  }
  const heart = setInterval(sign, timing.ttl / SIGNS);

  /** Makes durable what is due; one step at a time, since each says where it begins. */
  function step(): void {
    if (!speech || isOver || isMute || stepping || halting.signal.aborted) return;
    const piece = speech.unsaved();
    if (!piece) return;
    const isDue = speech.isAtBeginning || speech.waiting >= timing.stepSize;
    const wait = isDue ? 0 : lastStep + timing.stepEvery - performance.now();
    if (wait > 0) {
      wake ??= setTimeout(() => {
        wake = undefined;
        step();
      }, wait);
      return;
    }
    lastStep = performance.now();
    stepping = save(piece).finally(() => {
      stepping = undefined;
      drained.resolve();
      drained = deferred();
      step();
    });
  }

  async function save(piece: Piece): Promise<void> {
    try {
      await publisher.send('message:appended', { agentId: agentId!, holder, ...piece });
      speech!.saved(piece);
    } catch (error) {
      const code = codeOf(error);
      refused(code);
      // The end says what a stop has kept from being said.
      if (halting.signal.aborted) return;
      // The engine's word of where the task belongs may be on its way; until then it is kept.
      if (code === 'no_chat')
        await sleep(timing.stepEvery, undefined, { signal: halting.signal }).catch(() => undefined);
      else isMute = true;
    }
  }

  /** Says the end, with what was not durable yet, and then the engine may be told. */
  async function end(type: 'agent:completed' | 'agent:failed', data: object): Promise<void> {
    const told = (async () => {
      await begun;
      clearInterval(heart);
      clearTimeout(wake);
      clearTimeout(telling);
      isOver = true;
      await stepping;
      if (agentId === undefined) return;
      while (!isMute && speech && !speech.isLastPart) {
        const piece = speech.unsaved();
        if (!piece) break;
        const { waiting } = speech;
        await save(piece);
        if (speech.waiting === waiting) break;
      }
      const said = isMute ? undefined : speech?.unsaved();
      const usage = Object.keys(used).length > 0 ? { usage: used } : {};
      const all = { agentId, holder, ...usage, ...data };
      try {
        await publisher.send(type, { ...all, ...(said && { said }) });
      } catch (error) {
        if (codeOf(error) === 'agent_ended') return;
        // Its text can not be said any more; its end has to be.
        if (said) await publisher.send(type, all);
        else throw error;
      }
    })().catch(onTrouble);
    await Promise.race([told, sleep(timing.endWithin, undefined, { ref: false })]);
  }

  return {
    signal: halting.signal,
    async say(text) {
      if (isOver || text === '') return;
      if (speech) speech.add(text);
      else early += text;
      step();
      while (
        !isOver &&
        !isMute &&
        !halting.signal.aborted &&
        (speech?.waiting ?? early.length) > MOST_WAITING
      )
        await Promise.race([speech ? drained.promise : begun, aborted(halting.signal)]);
    },
    status(said) {
      words = said.slice(0, 4000);
      // Of words that change faster than anybody reads the last ones are told.
      telling ??= setTimeout(
        () => {
          telling = undefined;
          void sign();
        },
        Math.max(0, lastSign + WORDS_EVERY - performance.now()),
      );
    },
    usage(more) {
      for (const [name, amount] of Object.entries(more)) used[name] = (used[name] ?? 0) + amount;
    },
    complete: (result) =>
      // What is too large stays the engine's alone.
      end('agent:completed', JSON.stringify(result).length > MAX_RESULT_LENGTH ? {} : { result }),
    fail: ({ reason, failure, code }) =>
      end('agent:failed', {
        reason,
        ...(failure !== undefined && { failure: failure.slice(0, 4000) }),
        ...(code !== undefined && { code }),
      }),
    unheard(most) {
      const piece = isOver || isMute ? undefined : speech?.unheard(most);
      return piece && { agentId: agentId!, ...piece };
    },
    heard: (piece) => speech?.heard(piece),
    question: () =>
      agentId === undefined || isOver ? undefined : { agentId, messageId: agentId, offset: 0, text: '' },
    refused,
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Node 20 has no `Promise.withResolvers`. */
function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
