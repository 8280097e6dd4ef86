// @vitest-environment happy-dom
import { act, cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { message } from '../../client/test/helpers/happenings.ts';
import { startServer } from '../../client/test/helpers/scripted-server.ts';
import { ReactiveWorkstreamChat, WebSocketProvider } from '../src/index.ts';
import { layOut, SEEN, seen } from './helpers/laid-out.ts';

afterEach(cleanup);

// A busy machine has time.
configure({ asyncUtilTimeout: 15_000 });

const many = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => message(`m${from + n}`, `said ${from + n}`));

const box = () => screen.getByRole('log');
const lines = () => [...document.querySelectorAll<HTMLElement>('[data-event-id]')];
const gaps = () => document.querySelectorAll('[data-gap]').length;

/** Turns the wheel. */
async function scrollTo(top: number) {
  await act(async () => {
    box().scrollTop = top;
    fireEvent.scroll(box());
  });
}

// All of it in one conversation: a page that lays out so many lines is dear to make.
test('up to 500 lines all stand; of more, what is far away is a gap, and nobody is moved by that or by what comes', async () => {
  layOut();
  const server = await startServer();
  server.historySize = 500;
  server.append(...many(1, 800));
  render(
    <WebSocketProvider url={server.url} token="alice">
      <ReactiveWorkstreamChat executionId="e1" />
    </WebSocketProvider>,
  );
  await waitFor(() => expect(screen.getByTestId('chat').dataset.status).toBe('live'));
  expect([lines().length, gaps()]).toEqual([500, 0]);

  // What is loaded comes in front, and the reader stays where they are.
  await scrollTo(1000);
  const reading = seen();
  fireEvent.click(screen.getByTestId('load-earlier'));
  await waitFor(() => expect(gaps()).toBeGreaterThan(3));
  expect(seen()).toEqual(reading);
  expect(lines().length).toBeLessThan(400);

  // Gaps were guessed, and their lines are of other heights: every step moves what is seen by just that step.
  await scrollTo(box().scrollHeight);
  const met = new Set(seen().map(({ words }) => words));
  while (!met.has('said 1')) {
    const before = new Map(seen().map(({ words, top }) => [words, top]));
    const step = Math.min(box().scrollTop, SEEN - 100);
    await scrollTo(box().scrollTop - step);
    const after = seen();
    for (const { words, top } of after) {
      met.add(words);
      if (before.has(words)) expect(top - before.get(words)!).toBeCloseTo(step, 0);
    }
    expect(after.some(({ words }) => before.has(words))).toBe(true);
  }
  expect([met.size, met.has('gap')]).toEqual([800, false]);

  // Where the keyboard is, lines stand wherever somebody scrolls.
  const line = lines()[0]!;
  line.tabIndex = -1;
  line.focus();
  await scrollTo(box().scrollHeight - 3000);
  await scrollTo(box().scrollHeight - 3000);
  expect(document.activeElement).toBe(line);

  // What comes while somebody reads further up stands far below, as soon as it is there, and moves nothing.
  const before = seen();
  server.append(...many(801, 2));
  await waitFor(() => expect(document.querySelector('[data-seq="802"]')).not.toBeNull());
  expect(seen()).toEqual(before);
  const button = await screen.findByTestId('to-end');
  expect(button.textContent).toContain('2 new');
  fireEvent.click(button);
  await waitFor(() => expect(seen().at(-1)!.words).toBe('said 802'));
  await waitFor(() => expect(screen.queryByTestId('to-end')).toBeNull());
  expect(document.activeElement).toBe(box());
  // Who says something from further up is where it is said.
  await scrollTo(box().scrollHeight - 3000);
  fireEvent.change(screen.getByTestId('composer-input'), { target: { value: 'said by me' } });
  fireEvent.click(screen.getByTestId('composer-send'));
  await waitFor(() => expect(seen().at(-1)!.words).toBe('said by me'));
  // Who is at the end again follows it, and what they have left is a gap.
  server.append(...many(803, 1));
  await waitFor(() => expect(seen().at(-2)!.words).toBe('said 803'));
  await waitFor(() => expect(line.isConnected).toBe(false));
}, 60_000);
