import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../src/config/config.ts';
import { createProxies } from '../src/limits/proxies.ts';
import { networkOf } from '../src/network.ts';

/** A request as a server gets it. */
const request = (peer: string, headers: Record<string, string> = {}, socket: object = {}) =>
  ({ socket: { remoteAddress: peer, ...socket }, headers }) as unknown as IncomingMessage;
const forwarded = (peer: string, said: string) => request(peer, { 'x-forwarded-for': said });

describe('The address of who asks is', () => {
  test.each([
    ["the peer's, whatever it says", [], forwarded('192.0.2.1', '203.0.113.9'), '192.0.2.1'],
    ['what a named proxy says', ['192.0.2.1'], forwarded('192.0.2.1', '203.0.113.9'), '203.0.113.9'],
    [
      'the last that is no proxy of ours: what stands before it anybody can write',
      ['10.0.0.0/8'],
      forwarded('10.0.0.1', '198.51.100.7, 203.0.113.9, 10.0.0.2'),
      '203.0.113.9',
    ],
    ["the proxy's where it says none", ['10.0.0.1'], request('10.0.0.1'), '10.0.0.1'],
    [
      "the proxy's where it says nonsense",
      ['10.0.0.1'],
      forwarded('10.0.0.1', '203.0.113.9, me'),
      '10.0.0.1',
    ],
    [
      'of IPv4 through a socket for both',
      ['10.0.0.1'],
      forwarded('::ffff:10.0.0.1', '203.0.113.9'),
      '203.0.113.9',
    ],
    ['of IPv6', ['2001:db8::/32'], forwarded('2001:db8::1', '2001:db9::5'), '2001:db9::5'],
  ])('%s', (_what, trusted, asked, address) => {
    expect(createProxies(trusted).addressOf(asked)).toBe(address);
  });
});

test('TLS is known of what came over it, and of what a named proxy says', () => {
  const proto = { 'x-forwarded-proto': 'https' };
  const { isSecure } = createProxies(['10.0.0.1']);
  expect(isSecure(request('192.0.2.1', {}, { encrypted: true }))).toBe(true);
  expect(isSecure(request('10.0.0.1', proto))).toBe(true);
  expect(isSecure(request('192.0.2.1', proto))).toBe(false);
  expect(isSecure(request('10.0.0.1'))).toBe(false);
});

test('An IPv6 address counts as the network of 64 bits that it is in', () => {
  expect(networkOf('192.0.2.1')).toBe('192.0.2.1');
  for (const address of ['2001:db8:1:2::1', '2001:0db8:0001:0002:ffff::', '2001:DB8:1:2:3:4:5:6%eth0'])
    expect(networkOf(address)).toBe('2001:db8:1:2::/64');
  expect(networkOf('::1')).toBe('0:0:0:0::/64');
  expect(networkOf('2001:db8::')).toBe('2001:db8:0:0::/64');
});

test('Proxies that can not be understood are refused at the start', () => {
  const needed = { JWT_SECRET: 'a secret for tests of 32 bytes or more' };
  for (const wrong of ['nginx', '10.0.0.0/33', '10.0.0.1/', '10.0.0.0/8/8', '::/129'])
    expect(() => readConfig({ ...needed, TRUSTED_PROXIES: `10.0.0.1, ${wrong}` })).toThrow('TRUSTED_PROXIES');
  expect(readConfig({ ...needed, TRUSTED_PROXIES: '10.0.0.1, fd00::/8' }).TRUSTED_PROXIES).toEqual([
    '10.0.0.1',
    'fd00::/8',
  ]);
});
