import { expect, test } from 'vitest';
import { createRelays, readRelay } from '../src/capture/relays.ts';
import { createWord } from '../src/capture/word.ts';
import { createPublish } from '../src/ingest/publish.ts';
import { until } from './support/gateway.ts';
import { openLog } from './support/log.ts';

const { signal } = new AbortController();

async function start(silence: number) {
  const log = await openLog();
  const tools = { log, publish: createPublish(log) };
  const relays = createRelays(tools, new Set(['default']));
  return { tools, relays, word: createWord(tools, 'default', silence) };
}

test('an answer to a later question is one to those before it, which it has replaced', async () => {
  const { tools, relays, word } = await start(60_000);
  const first = word.given(signal);
  await until(async () => (await readRelay(tools, 'default'))?.ask).toBeDefined();
  const before = (await readRelay(tools, 'default'))?.ask;
  const second = word.given(signal);
  await until(async () => (await readRelay(tools, 'default'))?.ask).not.toBe(before);
  let seen: string | undefined;
  await until(async () => {
    seen = await relays.heard('default', undefined);
    return seen;
  }).toBe((await readRelay(tools, 'default'))?.ask);
  await relays.heard('default', seen);
  expect(await Promise.all([first, second])).toEqual(['seen', 'seen']);
});

test('an answer to a question before is none to this one', async () => {
  const { tools, relays, word } = await start(2000);
  const first = word.given(signal);
  await until(() => relays.heard('default', undefined)).toBeDefined();
  const ask = (await readRelay(tools, 'default'))?.ask;
  await relays.heard('default', ask);
  expect(await first).toBe('seen');
  // From now on it says the same again and again, and nobody hears of it otherwise.
  const second = word.given(signal);
  await relays.heard('default', ask);
  expect(await second).toBe('silent');
});

test('a relay that posts and never answers, since it does not know how, is not waited for without end', async () => {
  const { relays, word } = await start(1000);
  let isOver = false;
  const given = word.given(signal).finally(() => {
    isOver = true;
  });
  while (!isOver) await relays.heard('default', undefined);
  expect(await given).toBe('silent');
});
