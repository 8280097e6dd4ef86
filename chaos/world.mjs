import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from '../scripts/lib/child.mjs';
import { freePort } from '../scripts/lib/ports.mjs';
import { tokenOf } from '../scripts/lib/token.mjs';
import { startNginx } from '../scripts/stack/nginx.mjs';
import { onLine, onNetwork, onNginx, onNode } from './faults/injector.mjs';
import { nodeOf } from './faults/node.mjs';
import { openProxy } from './faults/proxy.mjs';
import { DOMAIN, EVERYBODY, openingFacts } from './load/cast.mjs';

/**
 * Starts everything that takes part, and sets the stage: storage, servers, what stands before them, publishers and
 * clients, each behind a network of its own.
 */
export async function openWorld({ plan, at, target, storage, scene, mutant }) {
  const secret = randomBytes(32).toString('hex');
  const key = randomBytes(16).toString('hex');
  const servers = [];
  for (let i = 0; i < scene.nodes; i++) servers.push({ id: `ws-${i + 1}`, port: await freePort() });
  const nodes = servers.map(({ id, port }, i) =>
    nodeOf(`node-${i + 1}`, () =>
      target.start({ id, port, secret, key, mutant, env: storage.env(i), output: at(`node-${i + 1}.txt`) }),
    ),
  );
  await Promise.all(nodes.map((node) => node.begin()));
  const nginx = scene.isShared
    ? await startNginx({
        nodes: servers.map(({ id, port }) => ({ id, address: `127.0.0.1:${port}` })),
        folder: at('nginx'),
      })
    : undefined;
  const { port } = nginx ?? servers[0];

  const network = await openProxy(port);
  const proxies = [];
  for (const _ of plan.clients) proxies.push(await openProxy(port));
  let counts = { acknowledged: 0, retried: 0 };
  const publishers = startChild('publishers', new URL('./load/publishers.mjs', import.meta.url), (told) => {
    counts = told.counts;
  });
  const origin = { url: `http://127.0.0.1:${network.port}`, key, withRooms: target.isStock };
  for (const facts of openingFacts()) await publishers.ask('all', { ...origin, facts });

  const calls = plan.clients.map((spec) => ({
    spec,
    port: proxies[spec.index].port,
    token: tokenOf(secret, { ...spec, domain: DOMAIN }),
    file: at(`client-${spec.index}.jsonl`),
    isStock: target.isStock,
  }));
  const homes = [
    calls.filter(({ spec }) => spec.kind.startsWith('sdk')),
    calls.filter(({ spec }) => !spec.kind.startsWith('sdk')),
  ].map((part) => ({
    part,
    child: startChild('clients', new URL('./clients/process.mjs', import.meta.url)),
  }));
  await Promise.all(homes.map(({ part, child }) => child.ask('open', part)));

  return {
    nodes,
    /** What can be hit, and how. */
    targets: new Map([
      ...nodes.map((node, i) => [`node-${i + 1}`, onNode(node)]),
      ...proxies.map((proxy, i) => [`client-${i}`, onNetwork(proxy)]),
      ['publishers', onNetwork(network)],
      ...(storage.lines ?? []).map((line, i) => [`line-${i + 1}`, onLine(line)]),
      ['redis', storage.plays],
      ['disk', storage.plays],
      ['nginx', nginx && onNginx(nginx)],
    ]),
    /** The part of the load that has been played. */
    done: () => counts.acknowledged / plan.lanes.reduce((sum, share) => sum + share, 0),
    progress: () => `${counts.acknowledged} acknowledged, ${counts.retried} retries`,
    publish() {
      const { seed, lanes, pace } = plan;
      return publishers.ask('lanes', { ...origin, seed, lanes, pace, file: at('publishes.jsonl') });
    },
    /** Nothing has a fault left to suffer. */
    async healthy() {
      await storage.settled();
      await Promise.all(nodes.map((node) => node.settled()));
    },
    /** The last event of all, and until everybody has it; answers with those that had it not in time. */
    async settled(within) {
      // A stock client has no position: what it must get has to be sent while it is there.
      if (target.isStock) await sleep(2000);
      const fact = { source: 'chaos/finale', id: 'finale', type: 'x:finale', groupid: EVERYBODY, data: {} };
      const rooms = [`group:${EVERYBODY}`];
      const [{ seq }] = await publishers.ask('all', {
        ...origin,
        facts: [{ ...fact, ...(target.isStock ? { rooms } : {}) }],
      });
      const late = await Promise.all(homes.map(({ child }) => child.ask('whole', { within, seq })));
      if (target.isStock) await sleep(1000);
      return late.flat();
    },
    async end() {
      await Promise.all(homes.map(({ child }) => child.ask('end')));
      await Promise.all([publishers.stop(), ...homes.map(({ child }) => child.stop())]);
      for (const proxy of [network, ...proxies]) proxy.close();
      await Promise.all(nodes.map((node) => node.end()));
      await nginx?.stop();
    },
  };
}
