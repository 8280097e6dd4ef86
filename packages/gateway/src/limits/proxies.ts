import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** What is known of where a request comes from. */
export interface Proxies {
  /**
   * The address of who asks: the peer's, or, where the peer is a proxy that was named, the one that it says. Of what
   * `X-Forwarded-For` lists, the last that is no proxy of ours counts: those before it are hearsay.
   */
  addressOf(request: IncomingMessage): string;
  /** Whether it is known to have come over TLS, to here or to a proxy that was named. */
  isSecure(request: IncomingMessage): boolean;
}

/** @param trusted TRUSTED_PROXIES: addresses and networks, `10.0.0.0/8` */
export function createProxies(trusted: readonly string[]): Proxies {
  const list = new BlockList();
  for (const one of trusted) {
    const { address, bits } = networkIn(one)!;
    list.addSubnet(address, bits, familyOf(address));
  }
  const isTrusted = (address: string): boolean => isIP(address) > 0 && list.check(address, familyOf(address));
  const peerOf = ({ socket }: IncomingMessage): string => plain(socket.remoteAddress ?? '');

  return {
    addressOf(request) {
      let address = peerOf(request);
      const said = `${request.headers['x-forwarded-for'] ?? ''}`.split(',').map((hop) => plain(hop.trim()));
      for (let hop = said.pop(); hop && isTrusted(address) && isIP(hop) > 0; hop = said.pop()) address = hop;
      return address;
    },
    isSecure(request) {
      if ('encrypted' in request.socket) return true;
      return isTrusted(peerOf(request)) && request.headers['x-forwarded-proto'] === 'https';
    },
  };
}

/** An address or a network; `undefined` where it is neither. */
export function networkIn(text: string): { address: string; bits: number } | undefined {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  const length = bits === undefined ? most : Number(bits);
  if (version === 0 || more.length > 0 || bits === '' || !Number.isInteger(length)) return undefined;
  return length >= 0 && length <= most ? { address, bits: length } : undefined;
}

/**
 * By what an address is counted: itself, or, of IPv6, the network of 64 bits that one customer is given as a whole,
 * or a flood could come from another address each time.
 */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [front = '', back] = address.split('%')[0]!.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [head, tail] = [groups(front), groups(back ?? '')];
  const gap = back === undefined ? 0 : Math.max(0, 8 - head.length - tail.length);
  const all = [...head, ...Array.from({ length: gap }, () => '0'), ...tail];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** IPv4 that came in through a socket for both is IPv4. */
function plain(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}
