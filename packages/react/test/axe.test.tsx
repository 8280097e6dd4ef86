// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react';
import axe from 'axe-core';
import { afterEach, expect, test } from 'vitest';
import { EXECUTION, execution, message, task } from '../../client/test/helpers/happenings.ts';
import { type Happening, startServer } from '../../client/test/helpers/scripted-server.ts';
import { LocaleProvider, ReactiveWorkstreamChat, WebSocketProvider } from '../src/index.ts';

afterEach(cleanup);

// A busy machine has time.
configure({ asyncUtilTimeout: 15_000 });

/** What axe finds, in a line each. Colours are looked at in a real browser: here nothing is painted. */
async function findings(): Promise<string[]> {
  const { violations } = await axe.run(document.body, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    rules: { 'color-contrast': { enabled: false } },
  });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

test('axe finds nothing in the chat with all that it can show', async () => {
  const server = await startServer();
  server.historySize = 6;
  server.present = () => ({ count: 9, people: ['alice', 'bob', 'c', 'd', 'e', 'f', 'g', 'h', 'i'] });
  const happening = (type: string, subject: string, data: object) =>
    ({ type, subject, rooms: [EXECUTION], data }) as Happening;
  server.append(
    execution(),
    ...Array.from({ length: 100 }, (_, n) => message(`m${n}`, `said ${n}`)),
    message('marked', '**What** [is it](https://example.com)?\n\n| a | b |\n|---|---|\n| 1 | 2 |'),
    task('t1'),
    happening('optimization:suggested', 'optimization/o', {
      optimizationId: 'o',
      title: 'Earlier',
      state: 'suggested',
    }),
    happening('agent:thinking', 'agent/a', { agentId: 'a', agent: 'summarise', state: 'thinking' }),
  );
  server.historySize = 104;
  document.documentElement.lang = 'de';
  document.title = 'A chat';
  render(
    <LocaleProvider language="de">
      <main>
        <h1>A chat</h1>
        <WebSocketProvider url={server.url} token="alice">
          <ReactiveWorkstreamChat executionId="e1" />
        </WebSocketProvider>
      </main>
    </LocaleProvider>,
  );
  await waitFor(() => expect(screen.getByTestId('chat').dataset.status).toBe('live'));
  await waitFor(() => expect(document.querySelector('.nb-markdown table')).not.toBeNull());
  await screen.findByTestId('faces');
  await screen.findByTestId('load-earlier');
  fireEvent.click(document.querySelector('[data-command="optimization:dismiss"]')!);
  await screen.findByTestId('line-action-field');
  server.handle = () => ({
    success: false,
    error: { code: 'forbidden', message: 'Not for you, or not there.', retryable: false },
  });
  fireEvent.change(screen.getByTestId('composer-input'), { target: { value: 'hello' } });
  fireEvent.click(screen.getByTestId('composer-send'));
  await screen.findByTestId('unsent-error');
  expect(await findings()).toEqual([]);
  // That it looks at all.
  screen.getByTestId('composer-send').textContent = '';
  expect((await findings()).join()).toContain('button-name');
});
