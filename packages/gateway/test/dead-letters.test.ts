import { DEAD_LETTER_BOOK, type DeadLetterData, MAX_DEAD_LETTERS } from '@netbuild/realtime-protocol';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { createDeadLetters, type DeadLetters, type LetterSummary } from '../src/ingest/dead-letters.ts';
import { type Bench, PUBLISH_KEY, startBench } from './support/gateway.ts';
import { openLog } from './support/log.ts';
import { troubled } from './support/troubled.ts';

const headers = { authorization: `Bearer ${PUBLISH_KEY}` };

async function post(bench: Bench, body: unknown) {
  const answer = await fetch(`${bench.url}/v1/engine`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of every shape.
  return { status: answer.status, body: (await answer.json()) as any };
}
const send = (bench: Bench, ...commands: unknown[]) => post(bench, { engine: 'default', commands });
const command = (id: string, ...events: unknown[]) => ({ id, committedAt: 1_767_268_800_000, events });

async function asked(bench: Bench, path = '', method = 'GET') {
  const answer = await fetch(`${bench.url}/v1/dead-letters${path}`, { method, headers });
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of every shape.
  return { status: answer.status, body: (await answer.json()) as any };
}
const letters = async (bench: Bench): Promise<LetterSummary[]> => (await asked(bench)).body.letters;
const row = async (bench: Bench, name: `task/${string}` | `process/${string}`, domain = 'default') => {
  const [found] = await bench.log.rows(domain, [name]);
  return found && (JSON.parse(found.body) as { data: Record<string, unknown> }).data;
};

/** A gateway whose log lines are kept, too. */
async function watchedBench(parts: Parameters<typeof startBench>[1] = {}) {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { bench: await startBench({}, { logger, ...parts }), lines };
}

const novelty = { kind: 'novelty', event: 'appear', id: 'n1', secret: 'hush' };
const start = (id: string, more: object = {}) => ({ kind: 'process', event: 'start', id, ...more });
const tooLong = { kind: 'task', event: 'create', id: 't1', name: 'n'.repeat(5000) };

describe('What can not be taken of an engine is kept aside, and the rest goes on:', () => {
  test('events that no mapping knows, whole, counted, and named in the log', async () => {
    const { bench, lines } = await watchedBench();
    const answer = await send(
      bench,
      command('c1', novelty, start('p1'), 'rubbish'),
      command('c2', start('p2')),
    );
    expect(answer.status).toBe(200);
    expect(answer.body.seq).toBe((await bench.log.head('default')).seq);
    expect(await row(bench, 'process/p1')).toBeDefined();
    expect(await row(bench, 'process/p2')).toBeDefined();
    const about = ['novelty appear', 'no event'];
    expect(await letters(bench)).toEqual([
      {
        letter: 1,
        kept: expect.any(String),
        engine: 'default',
        reason: 'unknown_event',
        about,
        size: expect.any(Number),
      },
    ]);
    expect((await asked(bench, '/1')).body.commands).toEqual([command('c1', novelty, 'rubbish')]);
    const [line] = lines.filter(({ msg }) => msg === 'kept aside as a dead letter');
    expect(line).toMatchObject({ level: 40, letter: 1, engine: 'default', reason: 'unknown_event', about });
    expect(JSON.stringify(lines)).not.toContain('hush');
    const figures = await (await fetch(`${bench.url}/metrics`)).text();
    expect(figures).toMatch(/^netbuild_dead_letters_total\{.*reason="unknown_event".*\} 1$/m);
    expect(figures).toMatch(/^netbuild_dead_letters_total\{.*reason="refused_fact".*\} 0$/m);
  });

  test('commands that can not be read', async () => {
    const bench = await startBench();
    const broken = [
      { ...command('c1', start('p1')), committedAt: 'noon' },
      null,
      7,
      { id: 'c3', events: {} },
    ];
    const answer = await send(bench, ...broken, command('c2', start('p2')));
    expect(answer.status).toBe(200);
    expect(await row(bench, 'process/p2')).toBeDefined();
    expect(await row(bench, 'process/p1')).toBeUndefined();
    const [letter] = await letters(bench);
    expect(letter).toMatchObject({ reason: 'unreadable_command', about: ['c1', 'a command', 'c3'] });
    expect(letter!.error).toContain('committedAt');
    expect((await asked(bench, '/1')).body.commands).toEqual(broken);
  });

  test('facts that are refused for good, with the events that they were made of', async () => {
    const bench = await startBench();
    const link = { kind: 'identityLink', event: 'add', taskId: 't1', type: 'candidate', userId: 'bob' };
    const theirs = { ...tooLong, id: 't2', tenantId: 'acme' };
    await send(bench, command('c1', start('p1'), link, tooLong, theirs, start('p2', { tenantId: 'acme' })));
    expect(await row(bench, 'process/p1')).toBeDefined();
    expect(await row(bench, 'process/p2', 'acme')).toBeDefined();
    const kept = await letters(bench);
    expect(kept.map(({ reason, about }) => [reason, about])).toEqual([
      ['refused_fact', ['task:created task/t1/created']],
      ['refused_fact', ['task:created task/t2/created']],
    ]);
    expect(kept[0]!.error).toMatch(/^invalid: data.taskName/);
    expect((await asked(bench, '/1')).body.commands).toEqual([command('c1', link, tooLong)]);
  });

  test('once, however often it comes', async () => {
    const bench = await startBench();
    const batch = [command('c1', novelty, tooLong), null];
    const answers = [await send(bench, ...batch), await send(bench, ...batch), await send(bench, ...batch)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body.seq)).size).toBe(1);
    expect(await letters(bench)).toHaveLength(3);
  });

  test('before it is acknowledged: if it can not be kept, the relay has to come again', async () => {
    const log = await openLog();
    let isDown = true;
    const weak = troubled(log, {
      append: (pass) => (domain, groups) => {
        if (isDown && groups.some(({ key }) => key.includes('dead-letter'))) throw new Error('disk full');
        return pass(domain, groups);
      },
    });
    const bench = await startBench({}, { log: weak });
    expect((await send(bench, command('c1', novelty, start('p1')))).status).toBe(500);
    isDown = false;
    expect((await send(bench, command('c1', novelty, start('p1')))).status).toBe(200);
    expect(await letters(bench)).toHaveLength(1);
  });

  test('in parts, where it is too large for one letter; of one event only the beginning', async () => {
    const bench = await startBench();
    const many = Array.from({ length: 300 }, (_, n) => ({ kind: 'novelty', n, text: 'x'.repeat(1000) }));
    await send(bench, command('c1', ...many));
    const kept = await letters(bench);
    expect(kept.length).toBeGreaterThan(2);
    const bodies = await Promise.all(kept.map(({ letter }) => asked(bench, `/${letter}`)));
    expect(bodies.flatMap(({ body }) => body.commands[0].events)).toEqual(many);
    await send(bench, command('c2', { kind: 'novelty', text: 'x'.repeat(200_000) }));
    const { letter, cut, size } = (await letters(bench)).at(-1)!;
    expect(cut).toBe(true);
    expect(size).toBeLessThan(140_000);
    expect((await asked(bench, `/${letter}/replay`, 'POST')).body).toMatchObject({ status: 'kept' });
  });

  test('and no room, and no reader, ever sees it', async () => {
    const bench = await startBench();
    await send(bench, command('c1', novelty));
    const { entries } = await bench.log.read('default', { after: 0, limit: 10 });
    expect(entries.map(({ rooms, left }) => [...rooms, ...left])).toEqual([[], []]);
  });
});

describe('A dead letter', () => {
  /** As an older gateway has kept it, which knew less. */
  async function benchWithLetter(...commands: unknown[]): Promise<Bench> {
    const bench = await startBench();
    const { log, publish } = bench;
    const kept: DeadLetters = createDeadLetters({
      log,
      publish,
      domain: 'default',
      logger: pino({ level: 'silent' }),
    });
    const { epoch } = await log.head('default');
    await kept.keep([{ engine: 'default', reason: 'unknown_event', about: [], commands }], epoch);
    return bench;
  }

  test('that a newer gateway understands enters when it is replayed, and nothing is left of it', async () => {
    const bench = await benchWithLetter(
      command('c1', start('p1', { tenantId: 'acme' }), { ...tooLong, name: 'n' }),
    );
    expect((await asked(bench, '/1/replay', 'POST')).body).toEqual({ letter: 1, status: 'replayed' });
    expect(await row(bench, 'process/p1', 'acme')).toBeDefined();
    expect(await row(bench, 'task/t1')).toMatchObject({ taskName: 'n' });
    expect(await letters(bench)).toEqual([]);
    expect((await asked(bench, '/1')).status).toBe(404);
    const { entries } = await bench.log.read('default', { after: 0, limit: 20 });
    expect(entries.some(({ body }) => body.includes('"commands"'))).toBe(false);
  });

  test('that still can not enter stays, and says why', async () => {
    const bench = await startBench();
    await send(bench, command('c1', novelty, tooLong), { id: 'c2' });
    const answers = [];
    for (const { letter } of await letters(bench))
      answers.push((await asked(bench, `/${letter}/replay`, 'POST')).body);
    expect(answers.map(({ status }) => status)).toEqual(['kept', 'kept', 'kept']);
    expect(answers.map(({ why }) => why)).toEqual([
      'committedAt: Invalid input: expected number, received undefined',
      'No mapping knows novelty appear.',
      expect.stringMatching(/^invalid: data.taskName/),
    ]);
    expect(await letters(bench)).toHaveLength(3);
  });

  test('takes nothing back that has happened since', async () => {
    const old = command('c1', { kind: 'task', event: 'update', id: 't1', assignee: 'alice' });
    const bench = await benchWithLetter(old, command('c0', start('p9')));
    await send(bench, {
      ...command('c2', { kind: 'task', event: 'update', id: 't1', assignee: 'bob' }),
      committedAt: old.committedAt + 1,
    });
    const { body } = await asked(bench, '/1/replay', 'POST');
    expect(body).toMatchObject({ status: 'kept', why: expect.stringContaining('changed again') });
    expect(await row(bench, 'task/t1')).toMatchObject({ assignee: 'bob' });
    expect(await row(bench, 'process/p9')).toBeDefined();
  });

  test('can be dropped; then it is not there, as one that never was', async () => {
    const bench = await startBench();
    await send(bench, command('c1', novelty));
    expect((await asked(bench, '/1', 'DELETE')).body).toEqual({ letter: 1, status: 'dropped' });
    expect(await letters(bench)).toEqual([]);
    for (const path of ['/1', '/2']) expect((await asked(bench, path)).status).toBe(404);
    for (const path of ['/x', '/0', '/1.5', '?after=x'])
      expect(await asked(bench, path)).toMatchObject({ status: 400, body: { error: { code: 'invalid' } } });
    await send(bench, command('c2', novelty));
    expect((await letters(bench)).map(({ letter }) => letter)).toEqual([2]);
  });

  test('is only for who has the key of publishers', async () => {
    const bench = await startBench();
    await send(bench, command('c1', novelty));
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/1'],
      ['POST', '/1/replay'],
      ['DELETE', '/1'],
    ]) {
      for (const authorization of ['', 'Bearer wrong', `Bearer ${await bench.token('alice')}`]) {
        const answer = await fetch(`${bench.url}/v1/dead-letters${path}`, {
          method: method!,
          headers: { authorization },
        });
        expect(answer.status).toBe(401);
        expect(await answer.json()).toMatchObject({ error: { code: 'key_invalid' } });
      }
    }
    expect(await letters(bench)).toHaveLength(1);
  });

  test('comes in pages', async () => {
    const bench = await startBench();
    for (let n = 0; n < 60; n++) await send(bench, command(`c${n}`, novelty));
    const first = (await asked(bench)).body;
    expect(first.letters).toHaveLength(50);
    const second = (await asked(bench, `?after=${first.next}`)).body;
    expect([...first.letters, ...second.letters].map(({ letter }: DeadLetterData) => letter)).toEqual(
      Array.from({ length: 60 }, (_, n) => n + 1),
    );
    expect(second).not.toHaveProperty('next');
  });

  test('goes when there are too many after it, and that is said aloud', async () => {
    const log = await openLog();
    const { bench, lines } = await watchedBench({ log });
    await send(bench, command('c1', novelty));
    // As if so many had come meanwhile that the next one takes the place of the first.
    await log.append('default', [
      {
        key: 'many',
        reads: [],
        events: [
          {
            subject: DEAD_LETTER_BOOK,
            rooms: [],
            left: [],
            open: true,
            body: JSON.stringify({ data: { next: MAX_DEAD_LETTERS + 1 } }),
          },
        ],
      },
    ]);
    await send(bench, command('c2', novelty));
    expect((await letters(bench)).map(({ letter }) => letter)).toEqual([MAX_DEAD_LETTERS + 1]);
    const [line] = lines.filter(({ level }) => level === 50);
    expect(line).toMatchObject({ letter: 1, msg: expect.stringContaining('a dead letter is lost') });
    const figures = await (await fetch(`${bench.url}/metrics`)).text();
    expect(figures).toMatch(/^netbuild_dead_letters_lost_total\{.*\} 1$/m);
    const { entries } = await log.read('default', { after: 0, limit: 1 });
    expect(entries[0]).toMatchObject({ erased: true });
  });
});

describe('A body that is none is answered by our table:', () => {
  test.each<[string, string, number, string, string | undefined]>([
    ['no JSON', '{"engine": "default", "commands": [', 400, 'invalid', undefined],
    ['HTML', '<html><body>Bad gateway</body></html>', 400, 'invalid', undefined],
    ['nothing', '', 400, 'invalid', undefined],
    ['a list', '[]', 400, 'invalid', undefined],
    ['null', 'null', 400, 'invalid', undefined],
    ['no engine', '{"commands": []}', 400, 'invalid', 'engine'],
    ['commands that are no list', '{"engine": "default", "commands": {}}', 400, 'invalid', 'commands'],
    [
      'a prototype',
      '{"engine": "default", "commands": [], "__proto__": {"a": 1}}',
      400,
      'invalid',
      undefined,
    ],
  ])('%s', async (_what, body, status, code, field) => {
    const bench = await startBench();
    const answer = await post(bench, body);
    expect(answer).toMatchObject({ status, body: { error: { code, ...(field ? { field } : {}) } } });
    expect((await bench.log.head('default')).seq).toBe(0);
  });
});
