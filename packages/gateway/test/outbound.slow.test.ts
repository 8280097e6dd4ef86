import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Bench, fact, startBench, until } from './support/gateway.ts';
import { openLog } from './support/log.ts';
import { numbers, startService, subscription, subscriptions } from './support/service.ts';
import { troubled } from './support/troubled.ts';

const OWN = `netbuild-realtime/${'-'.repeat(64)}`;
const QUICK = {
  leaseEvery: 30,
  retryAfter: 2,
  longestRetry: 10,
  lookEvery: 20,
  noteEvery: 5,
  within: 200,
  grace: 300,
};

/** What may happen: something is said, or something breaks, or is mended. */
const happening = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ is: fc.constant('said' as const), count: fc.integer({ min: 1, max: 6 }) }),
  },
  ...(['down', 'up', 'refuses', 'hangs', 'cut', 'mended', 'restart'] as const).map((is) => ({
    weight: 1,
    arbitrary: fc.record({ is: fc.constant(is), node: fc.nat(1) }),
  })),
);

test('Whatever breaks, each event is told, in order, and again only under its old id', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 6, maxLength: 16 }), async (happenings) => {
      const service = await startService();
      const log = await openLog();
      let refusals = 0;
      let isHanging = false;
      service.answer = () => {
        if (refusals-- > 0) throw new Error('no');
        if (!isHanging) return undefined;
        isHanging = false;
        return new Promise(() => {});
      };
      const isCut = [false, false];
      const start = (node: number) =>
        startBench(subscriptions(subscription(service)), {
          outbound: QUICK,
          // What it has told, this node can not note then, nor renew its lease.
          log: troubled(log, {
            append: (append) => async (domain, groups) => {
              if (isCut[node] && domain === OWN) throw new Error('the log is out of reach');
              return append(domain, groups);
            },
          }),
        });
      const nodes: Bench[] = [await start(0), await start(1)];
      let said = 0;
      for (const one of happenings) {
        if (one.is === 'said') {
          const all = Array.from({ length: one.count }, () =>
            fact('x:tick', { n: ++said }, { rooms: ['execution:e1'] }),
          );
          await nodes[0]!.publish('default', all);
        } else if (one.is === 'down') await service.stop();
        else if (one.is === 'up') await service.start();
        else if (one.is === 'refuses') refusals = 3;
        else if (one.is === 'hangs') isHanging = true;
        else if (one.is === 'cut') isCut[one.node] = true;
        else if (one.is === 'mended') isCut[one.node] = false;
        else {
          await nodes[one.node]!.close();
          nodes[one.node] = await start(one.node);
        }
      }
      isCut.fill(false);
      await service.start();
      const told = () => new Map(service.heard.map((heard) => [heard.id, heard]));
      await until(() => told().size).toBe(said);
      // The first time that each was told.
      const first = [...told().keys()].map((id) => service.heard.find((heard) => heard.id === id)!);
      expect(numbers(first)).toEqual(Array.from({ length: said }, (_, i) => i + 1));
      for (const { id, event } of service.heard) expect(told().get(id)!.event).toEqual(event);
      for (const node of nodes) await node.close();
      await service.stop();
    }),
    { numRuns: 5 },
  );
}, 120_000);
