import { expect, test } from 'vitest';
import { arrange } from '../src/execution/panes.ts';
import { executionHref, myWorkHref, readRoute } from '../src/routing/route.ts';

test('each page has an address, and an address leads back to it', () => {
  expect(readRoute(myWorkHref({ show: 'mine', q: 'a b&c' }))).toEqual({
    page: 'my-work',
    query: { show: 'mine', q: 'a b&c' },
  });
  expect(readRoute(executionHref('a/b?c #1', { tab: 'diagram' }))).toEqual({
    page: 'execution',
    executionId: 'a/b?c #1',
    query: { tab: 'diagram' },
  });
  expect(readRoute('#/workstreams').page).toBe('workstreams');
  expect(readRoute('#/operations')).toEqual({ page: 'operations', query: {} });
  expect(readRoute('#/operations/order%2Dto%2Dcash')).toMatchObject({
    processDefinitionKey: 'order-to-cash',
  });
});

test('no address is my work, and one of no page says so', () => {
  for (const hash of ['', '#', '#/', '#access_token=x']) expect(readRoute(hash).page).toBe('my-work');
  for (const hash of ['#/somewhere', '#/execution/', '#/execution'])
    expect(readRoute(hash).page).toBe('nowhere');
  expect(readRoute('#/execution/100%')).toMatchObject({ page: 'execution', executionId: '100%' });
});

test('a phone shows one part of an execution, a tablet the chat beside another one, a desk everything', () => {
  expect(arrange('narrow', undefined)).toMatchObject({ shown: ['chat'] });
  expect(arrange('narrow', 'diagram')).toMatchObject({ shown: ['diagram'] });
  expect(arrange('medium', 'chat')).toEqual({
    tabs: ['tasks', 'diagram', 'activity'],
    shown: ['chat', 'tasks'],
  });
  expect(arrange('medium', 'diagram').shown).toEqual(['chat', 'diagram']);
  expect(arrange('wide', 'diagram')).toEqual({ tabs: [], shown: ['chat', 'tasks', 'diagram', 'activity'] });
});
