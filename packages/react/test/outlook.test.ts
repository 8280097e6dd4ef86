import { expect, test } from 'vitest';
import { createOutlook } from '../src/diagram/outlook.ts';
import type { Standing } from '../src/diagram/standing.ts';

const MODEL = { x: 0, y: 0, width: 1152, height: 300 };
const PLACES: Record<string, object> = {
  review: { x: 100, y: 100, width: 100, height: 80 },
  approve: { x: 600, y: 100, width: 100, height: 80 },
};

/** A model in a frame, and what of it is in view. */
function framed(width: number, height: number) {
  const outer = { x: 0, y: 0, width, height };
  let seen = MODEL;
  const container = { dataset: {} as Record<string, string> };
  const canvas = {
    viewbox(to?: typeof MODEL) {
      if (to) seen = to;
      return { inner: MODEL, outer };
    },
  };
  const outlook = createOutlook(canvas, { get: (id) => PLACES[id] }, container as never as HTMLElement);
  return {
    outlook,
    container,
    middle: () => seen.x + seen.width / 2,
    scale: () => width / seen.width,
  };
}

const at = (...elementIds: string[]) =>
  elementIds.map(
    (elementId) => ({ elementId, running: 1, incidents: [], isAround: false }) as never as Standing,
  );

test('A model is shown whole where it can be read so', () => {
  const { outlook, container, middle, scale } = framed(900, 400);
  outlook.follow(at('review'));
  expect(scale()).toBeCloseTo(900 / 1200);
  expect(middle()).toBe(576);
  expect(container.dataset.fitted).toBe('true');
});

test('On a phone it is shown where the process stands, large enough to read, and goes with it', () => {
  const { outlook, container, middle, scale } = framed(340, 230);
  outlook.follow(at('review'));
  expect(scale()).toBeCloseTo(0.7);
  expect(middle()).toBe(150);
  expect(container.dataset.fitted).toBe('false');
  outlook.follow(at('approve', 'review'));
  expect(middle(), 'what else has begun moves nothing').toBe(150);
  outlook.follow(at('approve'));
  expect(middle()).toBe(650);
  outlook.follow([]);
  expect(middle(), 'where it ended').toBe(650);
});

test('Once somebody has moved it, it stays, until all of it is asked for', () => {
  const { outlook, middle, scale } = framed(340, 230);
  outlook.follow(at('review'));
  outlook.moved();
  outlook.follow(at('approve'));
  outlook.show();
  expect(middle()).toBe(150);
  outlook.whole();
  expect(scale()).toBeCloseTo(340 / 1200);
  outlook.follow(at('review'));
  expect(middle()).toBe(576);
});

test('In a frame that nobody sees nothing is done', () => {
  const { outlook, container } = framed(0, 0);
  outlook.show();
  expect(container.dataset.fitted).toBeUndefined();
});
