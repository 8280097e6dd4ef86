import type { LeavingLog } from '@netbuild/realtime-log';
import { type Fact, subject } from '@netbuild/realtime-protocol';
import fc from 'fast-check';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createProjection } from '../src/archive/projection.ts';
import type { ArchiveStore, ArchiveTurn } from '../src/archive/store.ts';
import { withArchive } from '../src/archive/with-archive.ts';
import { createPublish } from '../src/ingest/publish.ts';
import { expectStoreLikeLog } from './support/archive-like-log.ts';
import { DOMAIN, fact } from './support/log.ts';
import { createMemoryArchive } from './support/memory-archive.ts';
import { openModelLog } from './support/model-log.ts';

class Killed extends Error {}

const IDS = ['a', 'b', 'c', 'd', 'e', 'f'];
const id = fc.constantFrom(...IDS);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('say' as const), id }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('edit' as const), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('erase' as const), id }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('store' as const), pages: fc.nat({ max: 4 }) }) },
  // After so many calls of the store it is killed, and another one takes over.
  { weight: 2, arbitrary: fc.record({ do: fc.constant('storeAndDie' as const), calls: fc.nat({ max: 8 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sweep' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('trim' as const), count: fc.nat({ max: 8 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('keep' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rewind' as const) }) },
);

/** A turn that ends in the middle of things. */
function mortal(turn: ArchiveTurn, calls: number): ArchiveTurn {
  let left = calls;
  return new Proxy(turn, {
    get(target, name: keyof ArchiveTurn) {
      const found = target[name];
      if (typeof found !== 'function') return found;
      return async (...args: never[]) => {
        if (left-- <= 0) throw new Killed();
        return (found as (...args: never[]) => unknown)(...args);
      };
    },
  });
}

/** Takes over, with pages that are small enough for there to be many. */
async function project(log: LeavingLog, store: ArchiveStore, calls = Number.POSITIVE_INFINITY) {
  const turn = mortal(await store.take(DOMAIN), calls);
  return createProjection({ domain: DOMAIN, log, store, turn, page: 3 });
}

test('Whoever stores messages may be killed anywhere, and the log go back: in the end the store is as the log, and nothing is lost', async () => {
  let away = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 80 }), async (steps) => {
      const model = openModelLog();
      const store = createMemoryArchive();
      const log = withArchive(model.log, { store, logger: pino({ level: 'silent' }) });
      const publish = createPublish(log);
      /** What a life had erased that is over now: it may be gone from the store for good, and is for nobody to see. */
      const taken = new Set<string>();
      let texts = 0;
      const tell = (one: Fact) => publish(DOMAIN, [one]);
      const named = (messageId: string) => ({ messageId, executionId: 'e', userId: 'alice' });
      await tell(fact('execution:created', { executionId: 'e', title: 't', participants: ['alice'] }));

      let projection = await project(model.log, store);
      for (const one of steps) {
        if (one.do === 'say') await tell(fact('message:new', { ...named(one.id), content: `${++texts}` }));
        if (one.do === 'edit')
          await tell(fact('message:edited', { messageId: one.id, content: `${++texts}` }));
        if (one.do === 'delete' || one.do === 'erase') {
          await tell(fact(one.do === 'delete' ? 'message:deleted' : 'data:erased', { messageId: one.id }));
          taken.add(subject('message', one.id));
        }
        if (one.do === 'store') for (let n = 0; n < one.pages; n++) await projection.advance();
        if (one.do === 'storeAndDie') {
          projection = await project(model.log, store, one.calls);
          const dying = async () => {
            for (let n = 0; n < 3; n++) await projection.advance();
            await projection.sweep();
          };
          await dying().catch((error) => expect(error).toBeInstanceOf(Killed));
          projection = await project(model.log, store);
        }
        if (one.do === 'sweep') await projection.sweep();
        if (one.do === 'trim') await model.log.trim(DOMAIN, { events: { count: one.count } });
        if (one.do === 'keep') model.keep();
        if (one.do === 'rewind') model.rewind();
      }
      while ((await projection.advance()).missing > 0);
      // To the end of the walk that is under way, and once through all of it.
      while (await projection.sweep());
      while (await projection.sweep());
      away += (await expectStoreLikeLog(model.log, store, DOMAIN, taken)).away;
      const names = IDS.map((one) => subject('message', one)).filter((name) => !taken.has(name));
      const whole = names.flatMap((name) => model.whole.row(name) ?? []);
      expect(await log.rows(DOMAIN, names)).toEqual(whole);
    }),
    { numRuns: 250 },
  );
  expect(away).toBeGreaterThan(10);
});
