import { RealtimeError, type Room } from '@netbuild/realtime-protocol';
import { expect, test } from 'vitest';
import { createAskEngine } from '../src/auth/ask-engine.ts';
import { createAdmission } from '../src/sockets/admission.ts';

/** Who may what in an engine: `alice READ processInstance p1`. */
type Granted = Set<string>;

function asking(granted: Granted, { isOn = true, holds = 60_000 } = {}) {
  const asked: string[] = [];
  const engine = {
    isDown: false,
    async read<T>(path: string, query: Record<string, unknown> = {}): Promise<T> {
      const { userId, permissionName, resourceName, resourceId } = query;
      const question = `${userId} ${permissionName} ${resourceName} ${resourceId}`;
      asked.push(`${path} ${question}`);
      if (engine.isDown) throw new RealtimeError('engine_unreachable');
      // As the engine has it: who does not check has nothing against anybody.
      return { authorized: !isOn || granted.has(question) } as T;
    },
  };
  const log = {
    rows: async () => [
      {
        subject: 'process/p1' as const,
        seq: 1,
        first: 1,
        rooms: [],
        open: true,
        body: JSON.stringify({ data: { processInstanceId: 'p1', processDefinitionKey: 'k' } }),
      },
    ],
  };
  const ask = createAskEngine({ log, engines: [engine], holds, places: createAdmission(2) });
  const may = async (userId: string, name: Room) =>
    (await ask({ userId, domainId: 'd', groups: [], roles: [], rooms: [], expires: 0 }, name))?.may;
  return { may, asked, engine };
}

test('An engine is asked by the id of the person, for the instance and for those of its definition', async () => {
  const { may, asked } = asking(
    new Set([
      'alice READ processInstance p1',
      'bob READ_INSTANCE processDefinition k',
      'carol READ processDefinition k',
    ]),
  );
  expect(await may('alice', 'process:p1')).toBe(true);
  expect(await may('bob', 'process:p1')).toBe(true);
  expect(await may('carol', 'process:p1')).toBe(false);
  expect(await may('carol', 'definition:k')).toBe(true);
  expect(await may('alice', 'execution:e1')).toBeUndefined();
  expect(asked.every((text) => text.startsWith('/authorization/check '))).toBe(true);
  // Once whether it is to be believed, twice for each of the three, and once for the definition.
  expect(asked).toHaveLength(8);
});

test('What it has answered counts for a time, and no longer', async () => {
  const granted = new Set(['alice READ processInstance p1']);
  const long = asking(granted);
  expect(await long.may('alice', 'process:p1')).toBe(true);
  const { length } = long.asked;
  expect(await long.may('alice', 'process:p1')).toBe(true);
  expect(long.asked).toHaveLength(length);
  const none = asking(granted, { holds: 0 });
  expect(await none.may('alice', 'process:p1')).toBe(true);
  granted.clear();
  expect(await none.may('alice', 'process:p1')).toBe(false);
});

test('An engine that checks nothing is not believed', async () => {
  const { may } = asking(new Set(), { isOn: false });
  expect(await may('alice', 'process:p1')).toBe(false);
  expect(await may('alice', 'definition:k')).toBe(false);
});

test('An engine that does not answer is a refusal, and is asked again', async () => {
  const { may, engine } = asking(new Set(['alice READ processInstance p1']));
  engine.isDown = true;
  expect(await may('alice', 'process:p1')).toBe(false);
  engine.isDown = false;
  expect(await may('alice', 'process:p1')).toBe(true);
});
