import { setTimeout as sleep } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { serveParent } from '../../scripts/lib/child.mjs';
import { percentile } from '../../scripts/lib/percentile.mjs';

let heard = 0;
let isCounting = false;
const latencies = [];

/** Milliseconds that a server has to answer, and after which nothing more is awaited where nothing has come. */
const PATIENCE = 10_000;
const SILENCE = 500;

function hear(words) {
  const now = performance.timeOrigin + performance.now();
  for (const { type, data } of words) {
    // Who is there is told, too.
    if (type !== 'agent:delta') continue;
    heard += data.text.length;
    if (!isCounting) continue;
    for (const [, at] of data.text.matchAll(/@([\d.]+)@/g)) latencies.push(now - Number(at));
  }
}

/** Readers of one room, who count what they hear. */
serveParent({
  async open({ url, tokens, room }) {
    await Promise.all(
      tokens.map(async (token) => {
        const socket = io(url, {
          auth: { token, client: 'sdk', wire: 1 },
          transports: ['websocket'],
          forceNew: true,
        });
        socket.on('ephemeral', hear);
        await new Promise((resolve) => socket.once('ready', resolve));
        const answer = await socket.timeout(PATIENCE).emitWithAck('subscribe', { rooms: [room] });
        if (!answer.success) throw new Error(JSON.stringify(answer));
      }),
    );
  },
  count() {
    isCounting = true;
  },
  async told(said) {
    isCounting = false;
    for (let before = -1; heard < said && heard > before; ) {
      before = heard;
      await sleep(SILENCE);
    }
    return { heard, p99: percentile(latencies, 0.99) };
  },
});
