import { CATALOGUE } from '@netbuild/realtime-protocol';
import { expect, expectTypeOf, test } from 'vitest';
import type { Acknowledged, Publisher, PublishType } from '../src/index.ts';

/** Looked at by the compiler, and never called. */
const typed = (check: (publisher: Publisher) => void) => check;

test('What is published has the type that the catalogue gives it', () => {
  typed((publisher) => {
    const { publish, send } = publisher;
    publish('message:new', { messageId: 'm1', executionId: 'e1', userId: 'alice', content: 'Hello' });
    publish(
      'payment:initiated',
      { paymentId: 'p1', amount: 100, currency: 'EUR' },
      { id: 'p1', time: new Date() },
    );
    publish('data:erased', { user: 'alice' });
    // @ts-expect-error: there is no text
    publish('message:new', { messageId: 'm1', executionId: 'e1', userId: 'alice' });
    // @ts-expect-error: cents are a number
    publish('payment:initiated', { paymentId: 'p1', amount: '100', currency: 'EUR' });
    // @ts-expect-error: a message finds its rooms by itself
    publish('message:edited', { messageId: 'm1', content: 'Hello' }, { executionId: 'e1' });
    // @ts-expect-error: that is the gateway's own to say
    publish('command:completed', { commandId: 'c1' });
    // @ts-expect-error: no such type
    publish('message:shouted', {});
    expectTypeOf(send('message:deleted', { messageId: 'm1' })).resolves.toEqualTypeOf<Acknowledged>();
  });
});

test('Custom events have any data, and rooms', () => {
  typed(({ publish }) => {
    publish('x:shipped', { parcel: ['0815'] }, { executionId: 'e1', groupId: 'clerks', id: '1' });
    publish('x:shipped', null, { userId: 'alice' });
    // @ts-expect-error: nobody would hear of it
    publish('x:shipped', {}, { id: '1' });
    // @ts-expect-error: nor of this
    publish('x:shipped', {});
    // @ts-expect-error: no such room
    publish('x:shipped', {}, { executionId: 'e1', roomId: 'e1' });
  });
});

/** The compiler wants each type that publishers may send, and no other. */
const PUBLISHABLE: Record<Exclude<PublishType, `x:${string}`>, true> = {
  'task:created': true,
  'task:assigned': true,
  'task:unassigned': true,
  'task:updated': true,
  'task:completed': true,
  'task:cancelled': true,
  'process:started': true,
  'process:linked': true,
  'process:updated': true,
  'process:completed': true,
  'process:cancelled': true,
  'process:suspended': true,
  'process:resumed': true,
  'activity:started': true,
  'activity:completed': true,
  'process:error': true,
  'process:error-resolved': true,
  'execution:created': true,
  'execution:updated': true,
  'message:new': true,
  'message:edited': true,
  'message:deleted': true,
  'message:appended': true,
  'agent:thinking': true,
  'agent:completed': true,
  'agent:failed': true,
  'form:submitted': true,
  'payment:initiated': true,
  'payment:confirmed': true,
  'payment:status': true,
  'microservice:generating': true,
  'microservice:deployed': true,
  'microservice:failed': true,
  'optimization:suggested': true,
  'pattern:learned': true,
  'approval:requested': true,
  'approval:completed': true,
  'data:erased': true,
};

test('Publishers may send the types of the catalogue that are for them, and custom ones', () => {
  const those = [...CATALOGUE.values()].filter(({ publishable }) => publishable).map(({ type }) => type);
  expect(Object.keys(PUBLISHABLE).sort()).toEqual(those.sort());
  expectTypeOf<'x:anything'>().toExtend<PublishType>();
});
