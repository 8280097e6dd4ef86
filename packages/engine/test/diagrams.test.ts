import { describe, expect, test } from 'vitest';
import { createEngineClient } from '../src/index.ts';
import { reply, startRest } from './support/rest.ts';

const said = (id: string) => ({ id, key: id.split(':')[0], name: null, version: 1 });

/** An engine whose every definition has a model of this length. */
async function startModels(length: number) {
  const { url, asked } = await startRest((response, { url: path = '' }) => {
    const [, id = '', xml] = /\/process-definition\/([^/]+)(\/xml)?$/.exec(path) ?? [];
    const name = decodeURIComponent(id);
    reply(200, JSON.stringify(xml ? { id: name, bpmn20Xml: 'x'.repeat(length) } : said(name)))(response);
  });
  return {
    ...createEngineClient({ url }),
    models: () => asked.filter(({ path }) => path.endsWith('/xml')).length,
  };
}

describe('Models', () => {
  test('are remembered up to a size of all of them, those that were used last', async () => {
    const { diagrams, models } = await startModels(3_999_999);
    for (const id of ['a:1', 'b:1', 'c:1', 'd:1', 'a:1']) await diagrams.of(id);
    expect(models()).toBe(4);
    await diagrams.of('e:1');
    // That of `b` was used longest ago, and had to go.
    await Promise.all(['a:1', 'c:1', 'd:1', 'e:1'].map((id) => diagrams.of(id)));
    expect(models()).toBe(5);
    await diagrams.of('b:1');
    expect(models()).toBe(6);
  });

  test('are read once by however many ask at once', async () => {
    const { diagrams, models } = await startModels(10);
    const found = await Promise.all(Array.from({ length: 20 }, () => diagrams.of('a:1')));
    expect(new Set(found).size).toBe(1);
    expect(models()).toBe(1);
  });
});

test.each([
  ['another JSON', '{}'],
  ['a list', '[]'],
  ['a page', '<html>'],
])('%s in the place of a definition is no engine', async (_what, body) => {
  const { url } = await startRest(reply(200, body));
  const { diagrams } = createEngineClient({ url });
  const unreachable = { code: 'engine_unreachable' };
  await expect(diagrams.newest('a', undefined)).rejects.toMatchObject(unreachable);
  await expect(diagrams.of('a:1')).rejects.toThrow();
  if (body !== '[]') await expect(diagrams.list(undefined)).rejects.toMatchObject(unreachable);
});
