import type { Ephemeral } from '@netbuild/realtime-protocol';
import { joined } from '../delivery/words.ts';
import { type Packet, send } from './packet.ts';
import { type Transport, transportOf } from './transport.ts';
import type { WireSocket } from './wire-socket.ts';

/** Words that wait for one socket. */
const MOST_WORDS = 50;

/** Characters of them. */
const MOST_CHARACTERS = 16_384;

/** How words that are kept nowhere come to one socket. */
export interface Hearing {
  hear(words: Ephemeral[]): void;
  /** Sends what waits, before something that was said after it. */
  flush(): void;
}

/**
 * Sends words at once to who reads them at once. For who does not they wait, in as few as they can be said in, and
 * the oldest are lost where they become too many: nobody is cut off for the sake of what may be lost.
 */
export function createHearing(socket: WireSocket, packetsOf: (words: Ephemeral[]) => Packet[]): Hearing {
  let waiting: Ephemeral[] = [];
  /** The transport that says when it can take more; after an upgrade it is another one. */
  let asked: Transport | undefined;

  function flush(): void {
    if (waiting.length === 0) return;
    for (const packet of packetsOf(waiting)) send(socket, packet);
    waiting = [];
  }

  function later(): void {
    const transport = transportOf(socket.conn);
    if (asked === transport) return;
    asked = transport;
    transport.once('ready', () => {
      if (asked === transport) asked = undefined;
      flush();
    });
  }

  return {
    hear(words) {
      const isBehind = !transportOf(socket.conn).writable;
      waiting = waiting.length > 0 || isBehind ? bounded(joined([...waiting, ...words])) : words;
      if (isBehind) later();
      else flush();
    },
    flush,
  };
}

function bounded(words: Ephemeral[]): Ephemeral[] {
  let characters = 0;
  const first = words.findLastIndex((word) => {
    characters += JSON.stringify(word.data).length;
    return characters > MOST_CHARACTERS;
  });
  return words.slice(Math.max(first + 1, words.length - MOST_WORDS));
}
