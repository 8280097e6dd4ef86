import type { Row } from '@netbuild/realtime-react';
import { describe, expect, test } from 'vitest';
import { EVERYTHING, filtered, whereaboutsOf } from '../src/operations/filter.ts';

const row = <R extends Row>(data: object): R => ({ rooms: [], data }) as unknown as R;
const instance = (processInstanceId: string, more: object = {}) =>
  row<Row<'process'>>({ processInstanceId, state: 'active', ...more });

const INSTANCES = [
  instance('p1', { businessKey: 'Order-1', startedBy: 'alice' }),
  instance('p2', { businessKey: 'order-2', executionId: 'e2' }),
  instance('p3'),
];
const WHERE = whereaboutsOf(
  [
    row({ processInstanceId: 'p1', activityId: 'check' }),
    row({ processInstanceId: 'p2', activityId: 'pack#multiInstanceBody' }),
  ],
  [row({ processInstanceId: 'p3', taskDefinitionKey: 'check' })],
  [row({ processInstanceId: 'p2', activityId: 'send', incidentId: 'i1' })],
);

const found = (filter: object) =>
  filtered(INSTANCES, { ...EVERYTHING, ...filter }, WHERE).map(({ data }) => data.processInstanceId);

describe('Instances are found', () => {
  test('by parts of their key, their execution, their id and who has started them', () => {
    expect(found({ text: ' ORDER' })).toEqual(['p1', 'p2']);
    expect(found({ text: 'e2' })).toEqual(['p2']);
    expect(found({ text: 'p3' })).toEqual(['p3']);
    expect(found({ text: 'alice' })).toEqual(['p1']);
  });

  test('by the step that they are at, also where a task alone tells of it, a loop is around it, or it has failed there', () => {
    expect(found({ step: 'check' })).toEqual(['p1', 'p3']);
    expect(found({ step: 'pack' })).toEqual(['p2']);
    expect(found({ step: 'send' })).toEqual(['p2']);
  });

  test('by having failed, and by all of these at once', () => {
    expect(found({ onlyFailed: true })).toEqual(['p2']);
    expect(found({ onlyFailed: true, text: 'order-1' })).toEqual([]);
  });
});
