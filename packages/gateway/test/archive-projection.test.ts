import { type Fact, subject } from '@netbuild/realtime-protocol';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createProjection } from '../src/archive/projection.ts';
import { TurnOver } from '../src/archive/store.ts';
import { withArchive } from '../src/archive/with-archive.ts';
import { createPublish } from '../src/ingest/publish.ts';
import { DOMAIN, fact } from './support/log.ts';
import { createMemoryArchive, type MemoryArchive } from './support/memory-archive.ts';
import { openModelLog } from './support/model-log.ts';

const NAME = subject('message', 'm');

/** A message that the log has let go of, or may: it is stored, and forgotten but for its last word. */
async function begin({ letGo = true, store = createMemoryArchive() } = {}) {
  const model = openModelLog();
  const log = withArchive(model.log, { store, logger: pino({ level: 'silent' }) });
  const publish = createPublish(log);
  const tell = async (type: string, data: object) => {
    const { results } = await publish(DOMAIN, [fact(type, data)] satisfies Fact[]);
    return results[0]!;
  };
  const project = async () =>
    createProjection({ domain: DOMAIN, log: model.log, store, turn: await store.take(DOMAIN) });
  const settle = async () => {
    const projection = await project();
    while ((await projection.advance()).missing > 0);
    while (await projection.sweep());
  };
  await tell('execution:created', { executionId: 'e', title: 't', participants: ['alice'] });
  await tell('message:new', { messageId: 'm', executionId: 'e', userId: 'alice', content: 'first' });
  await (await project()).advance();
  await (await project()).advance();
  await model.log.trim(DOMAIN, { events: { count: 0 } });
  if (letGo) await settle();
  const content = async () => {
    const [row] = await log.rows(DOMAIN, [NAME]);
    return row && (JSON.parse(row.body) as { data: { content?: string } }).data.content;
  };
  const contents = () =>
    store.all(DOMAIN).map(({ body }) => (JSON.parse(body) as { data: { content: string } }).data.content);
  return { model, log, store, tell, project, settle, content, contents };
}

test('What the log has let go of goes on, and what a failover takes of that leaves it as it was', async () => {
  const { model, tell, settle, content, contents } = await begin();
  expect(await model.log.rows(DOMAIN, [NAME])).toMatchObject([{ away: true, body: '' }]);
  expect(await content()).toBe('first');
  model.keep();
  expect(await tell('message:edited', { messageId: 'm', content: 'second' })).toMatchObject({
    status: 'new',
  });
  await settle();
  expect([await content(), contents()]).toEqual(['second', ['first', 'second']]);
  model.rewind();
  await settle();
  expect([await content(), contents()]).toEqual(['first', ['first']]);
  // Once it can not be lost any more, the text before it is gone.
  await tell('message:edited', { messageId: 'm', content: 'third' });
  await settle();
  await model.log.trim(DOMAIN, { events: { count: 0 } });
  await settle();
  expect([await content(), contents()]).toEqual(['third', ['third']]);
});

test('An erasure that the store does not take is answered, and taken by the projection', async () => {
  const { store, log, tell, project, settle, content, contents } = await begin();
  const { erase } = store;
  store.erase = async () => Promise.reject(new Error('not now'));
  expect(await tell('data:erased', { messageId: 'm' })).toMatchObject({ status: 'new' });
  expect([await content(), contents()]).toEqual([undefined, ['first']]);
  // With the next page, and not only with the next walk.
  const projection = await project();
  while ((await projection.advance()).missing > 0);
  expect(contents()).toEqual([]);
  store.erase = erase;
  await tell('message:new', { messageId: 'm', executionId: 'e', userId: 'alice', content: 'anew' });
  await settle();
  expect(contents()).toEqual(['anew']);
  // Where it takes it, that is before the answer; a place that says so is all that is left.
  await tell('message:deleted', { messageId: 'm' });
  expect(contents()).toEqual([]);
  expect(await log.rows(DOMAIN, [NAME])).toHaveLength(1);
});

test('Nothing is let go of that the store does not have to the letter; what is wrong there is put right', async () => {
  const { model, store, settle, contents } = await begin({ letGo: false });
  const turn = await store.take(DOMAIN);
  const [found] = store.all(DOMAIN);
  await turn.put([{ ...found!, body: '{"data":{"content":"another"}}' }]);
  await settle();
  expect(contents()).toEqual(['first']);
  expect((await model.log.rows(DOMAIN, [NAME]))[0]!.away).toBe(undefined);
  await turn.remove([found!.seq]);
  await (await store.take(DOMAIN)).remove([found!.seq]);
  await settle();
  expect((await model.log.rows(DOMAIN, [NAME]))[0]!.away).toBe(undefined);
});

test('What is missing in the store is named in the log of the node, and the rest is shown', async () => {
  const said: unknown[] = [];
  const { model, store } = await begin();
  const log = withArchive(model.log, {
    store,
    logger: { error: (what: unknown) => said.push(what), warn: () => {} } as never,
  });
  expect(await log.rows(DOMAIN, [NAME, subject('execution', 'e')])).toHaveLength(2);
  await (await store.take(DOMAIN)).remove([2]);
  expect(await log.rows(DOMAIN, [NAME, subject('execution', 'e')])).toHaveLength(1);
  expect(said).toEqual([{ domain: DOMAIN, subjects: [NAME] }]);
});

test('Who is frozen between reading and storing, and has lost the turn, leaves nothing of what was erased meanwhile', async () => {
  const { model, store, tell, project, contents } = await begin();
  await tell('message:new', { messageId: 'n', executionId: 'e', userId: 'alice', content: 'secret' });
  const page = await model.log.read(DOMAIN, { after: 2, limit: 9 });
  const log = { ...model.log, read: async () => page };
  const frozen = createProjection({ domain: DOMAIN, log, store, turn: await store.take(DOMAIN) });
  const next = await project();
  await next.advance();
  expect(contents()).toEqual(['first', 'secret']);
  await tell('data:erased', { messageId: 'n' });
  await next.advance();
  await expect(frozen.advance()).rejects.toThrow(TurnOver);
  expect(contents()).toEqual(['first']);
});

test('A log that forgot before anything was stored of it is stored from its rows', async () => {
  const store: MemoryArchive = createMemoryArchive();
  const { model, settle, contents, tell } = await begin({ store });
  const empty = createMemoryArchive();
  await tell('message:new', { messageId: 'n', executionId: 'e', userId: 'alice', content: 'kept' });
  await model.log.trim(DOMAIN, { events: { count: 0 } });
  const projection = createProjection({
    domain: DOMAIN,
    log: model.log,
    store: empty,
    turn: await empty.take(DOMAIN),
  });
  while ((await projection.advance()).missing > 0);
  expect(empty.all(DOMAIN).map(({ subject: name }) => name)).toEqual(['message/n']);
  await settle();
  expect(contents()).toEqual(['first', 'kept']);
});
