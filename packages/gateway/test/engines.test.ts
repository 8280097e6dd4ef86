import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../src/config/config.ts';
import { enginesOf } from '../src/config/engines.ts';
import { JWT_SECRET } from './support/gateway.ts';

const engines = (environment: Record<string, string>) =>
  enginesOf(readConfig({ JWT_SECRET, ...environment }));
const url = 'http://engine:8080/engine-rest';

describe('Engines', () => {
  test('there are none until one is named', () => {
    expect(engines({})).toEqual([]);
  });

  test('the plain one is called default, and is the domain of what has no tenant', () => {
    const account = { CAMUNDA_USER: 'gateway', CAMUNDA_PASSWORD: 'geheim' };
    expect(
      engines({ CAMUNDA_URL: url, ...account, DEFAULT_DOMAIN: 'acme', CAMUNDA_CAPTURE: 'rest' }),
    ).toEqual([
      { name: 'default', url, user: 'gateway', password: 'geheim', domain: 'acme', capture: 'rest' },
    ]);
  });

  test('others have each their own URL, account and domain', () => {
    const list = [{ name: 'orders', url, user: 'u', password: 'p', domain: 'orders', capture: 'plugin' }];
    expect(engines({ ENGINES: JSON.stringify([...list, { name: 'more', url }]) })).toEqual([
      ...list,
      { name: 'more', url, user: undefined, password: undefined, domain: 'default', capture: 'auto' },
    ]);
  });

  test.each([
    ['no JSON', 'orders', /ENGINES: is no JSON/],
    ['no name', JSON.stringify([{ url }]), /ENGINES/],
    ['a name with a slash', JSON.stringify([{ name: 'a/b', url }]), /ENGINES: .*letters/],
    ['no URL', JSON.stringify([{ name: 'orders', url: 'engine' }]), /ENGINES: .*URL/],
    [
      'a word that nobody knows',
      JSON.stringify([{ name: 'orders', url, pasword: 'p' }]),
      /ENGINES: .*pasword/,
    ],
    [
      'one name twice',
      JSON.stringify([
        { name: 'a', url },
        { name: 'a', url },
      ]),
      /ENGINES: two engines/,
    ],
  ])('a list with %s is refused by its name', (_what, list, words) => {
    expect(() => engines({ ENGINES: list })).toThrow(words);
  });

  test('the one of CAMUNDA_URL is not named a second time', () => {
    const list = JSON.stringify([{ name: 'default', url }]);
    expect(() => engines({ CAMUNDA_URL: url, ENGINES: list })).toThrow(ConfigError);
    expect(engines({ ENGINES: list })).toHaveLength(1);
  });
});
