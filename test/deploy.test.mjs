import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readConfig, SETTINGS } from '../packages/gateway/src/index.ts';
import { at } from '../scripts/lib/paths.mjs';
import { environmentOf, readCompose } from '../scripts/stack/compose.mjs';
import { gatewaysConf } from '../scripts/stack/nginx.mjs';

const compose = readCompose();
const gateways = Object.entries(compose.services).filter(([name]) => name.startsWith('websocket-'));
const given = { JWT_SECRET: 'of thirty-two bytes, or even more', PUBLISH_KEY: 'of sixteen bytes or more' };

describe('The compose file', () => {
  test('has the services that existing set-ups name', () => {
    expect(Object.keys(compose.services)).toEqual(['nginx', 'websocket-1', 'websocket-2', 'redis', 'engine']);
    expect(compose.services.nginx.ports).toEqual([
      expect.stringMatching(/:443$/),
      expect.stringMatching(/:80$/),
    ]);
    expect(compose.services.redis.image).toMatch(/^redis:7\b/);
    expect(compose.services.redis.volumes).toEqual(['redis-data:/data']);
    expect(compose.services.engine.profiles).toEqual(['engine']);
  });

  test('gives the gateways settings that they know and take', () => {
    const names = gateways.map(([name]) => {
      const environment = environmentOf(name, given);
      expect(Object.keys(environment).filter((variable) => !(variable in SETTINGS))).toEqual([]);
      return readConfig(environment).INSTANCE_ID;
    });
    expect(names).toEqual(['ws-1', 'ws-2']);
  });

  test('has no secret in it, and does not start without', () => {
    for (const missing of Object.keys(given))
      expect(() => environmentOf('websocket-1', { ...given, [missing]: '' })).toThrow(missing);
  });

  test('has the gateways believe nginx, and nobody else', () => {
    const { ipv4_address } = compose.services.nginx.networks.realtime;
    for (const [name] of gateways) expect(environmentOf(name, given).TRUSTED_PROXIES).toBe(ipv4_address);
  });

  test('publishes what is over TLS, and gives what is beside nginx its way without', async () => {
    const listening = await readFile(at('deploy/nginx/listen.conf'), 'utf8');
    const [, plain] = /^listen (\d+);$/m.exec(listening);
    expect(compose.services.nginx.ports.join()).not.toContain(plain);
    expect(environmentOf('engine', given).GATEWAY_URL).toBe(`http://nginx:${plain}`);
    expect(compose.services.nginx.healthcheck.test.join(' ')).toContain(`127.0.0.1:${plain}/live`);
    const [, mounted] = /:\?.*\}:(\S+):ro$/.exec(compose.services.nginx.volumes.at(-1));
    for (const [, file] of listening.matchAll(/^ssl_certificate\w* (\S+);$/gm))
      expect(file).toContain(`${mounted}/`);
  });

  test('and its example name the same variables', async () => {
    const text = await readFile(at('deploy/compose.yaml'), 'utf8');
    const example = await readFile(at('deploy/.env.example'), 'utf8');
    const used = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
    const named = new Set([...example.matchAll(/^(\w+)=/gm)].map(([, name]) => name));
    expect([...named].sort()).toEqual([...used].sort());
  });

  test("and nginx's configuration name the same gateways", async () => {
    const nodes = gateways.map(([name, { networks }]) => {
      const { INSTANCE_ID, PORT } = environmentOf(name, given);
      return { id: INSTANCE_ID, address: `${networks.realtime.ipv4_address}:${PORT}` };
    });
    expect(await readFile(at('deploy/nginx/gateways.conf'), 'utf8')).toBe(gatewaysConf(nodes));
  });
});

test('nginx finds the node of a session by its whole name, also where one begins like another', () => {
  const ids = ['a', 'a.b', 'a.b.c', 'a-b', 'aXb'];
  const conf = gatewaysConf(ids.map((id) => ({ id, address: '127.0.0.1:1' })));
  const map = [...conf.matchAll(/^ {2}~(\S+) (\S+);$/gm)].map(([, pattern, to]) => [new RegExp(pattern), to]);
  expect(map.length).toBe(ids.length);
  const nodeOf = (sid) => map.find(([pattern]) => pattern.test(sid))?.[1] ?? 'gateways';
  // As the gateway makes them: 20 letters of base64url behind the name.
  for (const id of ids) expect(nodeOf(`${id}.9-_ZfGjkLmNoPqRsTuVw`)).toBe(id);
  expect(nodeOf('9-_ZfGjkLmNoPqRsTuVw')).toBe('gateways');
});
