import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { networkIn } from '../network.ts';

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
  // Each handshake asks, and mostly there is none to look for.
  const isTrusted = (address: string): boolean =>
    trusted.length > 0 && isIP(address) > 0 && list.check(address, familyOf(address));
  const peerOf = ({ socket }: IncomingMessage): string => plain(socket.remoteAddress ?? '');

  return {
    addressOf(request) {
      let address = peerOf(request);
      if (!isTrusted(address)) return address;
      const said = `${request.headers['x-forwarded-for'] ?? ''}`.split(',').map((hop) => plain(hop.trim()));
      for (let hop = said.pop(); hop && isTrusted(address) && isIP(hop) > 0; hop = said.pop()) address = hop;
      return address;
    },
    isSecure(request) {
      if ('encrypted' in request.socket) return true;
      return request.headers['x-forwarded-proto'] === 'https' && isTrusted(peerOf(request));
    },
  };
}

/** IPv4 that came in through a socket for both is IPv4. */
function plain(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}
