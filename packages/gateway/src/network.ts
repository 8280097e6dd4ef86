import { isIP } from 'node:net';

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
