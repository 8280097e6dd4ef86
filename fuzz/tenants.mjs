import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '../packages/client/src/index.ts';
import { tokenOf } from '../scripts/lib/token.mjs';

/** Milliseconds between two messages of a tenant. */
const PACE = 60;

/** How long the last message may take to reach everybody, in milliseconds. */
const SETTLE = 20_000;

/**
 * Two people of one tenant who talk all the while; each message carries the tenant's canary, and each of them has to
 * hear every message once, in order, and none of anybody else.
 */
export function createTenant({ url, secret, domain, report }) {
  const canary = `canary-${domain}-${randomBytes(12).toString('hex')}`;
  const execution = `work-${domain}`;
  const people = ['ann', 'ben'].map((user) => {
    const client = createClient({
      url,
      token: tokenOf(secret, { user: `${user}-${domain}`, domain, groups: [] }),
      transports: ['websocket'],
    });
    const heard = [];
    client.on('*', (event) => {
      const text = JSON.stringify(event);
      if (!text.includes(canary) && /canary-/.test(text))
        report('leaked', `${user} of ${domain} heard ${text}`);
      if (event.type === 'message:new' && event.data.content.startsWith(canary))
        heard.push(event.data.content);
    });
    return { user, client, heard };
  });
  const [first] = people;
  const said = [];
  let isOver = false;
  let work;

  async function talk() {
    while (!isOver) {
      const content = `${canary} ${said.length}`;
      said.push(content);
      await first.client.command('message:send', { executionId: execution, content });
      await sleep(PACE);
    }
  }

  /** Holds a room until the end; it is back when what comes from now on is news, and not what the room was shown with. */
  async function shown(room) {
    room.hold();
    while (room.getSnapshot().state !== 'whole')
      await new Promise((resolve) => {
        const stop = room.subscribe(() => resolve(stop()));
      });
  }

  const missing = () => people.filter(({ heard }) => heard.length < said.length);
  return {
    domain,
    canary,
    /** Names that attackers would like to know. */
    known: [
      execution,
      `execution:${execution}`,
      `user:ann-${domain}`,
      `ann-${domain}`,
      `domain:${domain}`,
      domain,
    ],
    async begin() {
      for (const { client } of people) client.connect();
      const made = await first.client.command('execution:create', {
        executionId: execution,
        title: `Work of ${domain}`,
        participants: [`ben-${domain}`],
      });
      for (const { client } of people) {
        await client.ready(made);
        await shown(client.room(`execution:${execution}`));
      }
      work = talk().catch((error) => report('broken', `${domain} could not go on: ${error.message}`));
    },
    async end() {
      isOver = true;
      await work;
      const until = Date.now() + SETTLE;
      while (missing().length > 0 && Date.now() < until) await sleep(50);
      for (const { user, heard } of people)
        if (heard.join() !== said.join())
          report(
            'broken',
            `${domain} said ${said.length} messages, and ${user} heard ${heard.length} of them, or in another order: the first that differs is ${said.findIndex((text, i) => heard[i] !== text)}`,
          );
      for (const { client } of people) client.disconnect();
      return said.length;
    },
  };
}
