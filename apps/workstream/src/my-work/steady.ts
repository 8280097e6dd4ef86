import type { Row } from '@netbuild/realtime-react';
import type { Item } from './filter.ts';

/** A list as somebody sees it, who may be about to press something in it. */
export interface Steady {
  items: readonly Item[];
  /** How many are new and not shown yet. */
  waiting: number;
}

interface Change {
  before: Steady;
  /** The list as it would be. */
  next: readonly Item[];
  /** Somebody points at it, or reads further down. */
  isHeld: boolean;
  me: string;
  /** A task as it is known now, whether it still belongs to the list or not. */
  newest: (subject: string) => Row<'task'> | undefined;
}

/**
 * What is shown next. A list that is held doesn't move: what is new waits, what has ended or gone to somebody else
 * stays in its place and says so. Only what the person themselves has done takes effect: they look for it.
 */
export function steady({ before, next, isHeld, me, newest }: Change): Steady {
  if (!isHeld || before.items.length === 0) return shown(before, next);
  const places = new Map(next.map((item, place) => [item.row.subject, { item, place }]));
  const known = new Set<string>();
  const kept: Item[] = [];
  const moved: Item[] = [];
  for (const item of before.items) {
    const { subject } = item.row;
    const now = places.get(subject)?.item;
    const row = now?.row ?? newest(subject) ?? item.row;
    known.add(subject);
    const isOwn = row.seq > item.row.seq && row.data.by === me;
    if (!isOwn) kept.push(asIt({ row, part: item.part, ...(now ? {} : { isGone: true }) }, item));
    else if (now?.part === item.part) kept.push(now);
    else if (now) moved.push(now);
  }
  const placeOf = (item: Item) => places.get(item.row.subject)?.place ?? -1;
  for (const item of moved) {
    const at = kept.findIndex((other) => placeOf(other) > placeOf(item));
    kept.splice(at < 0 ? kept.length : at, 0, item);
  }
  return shown(before, kept, next.filter(({ row }) => !known.has(row.subject)).length);
}

/** The same list while nothing of it has changed, so that nothing is rendered. */
function shown(before: Steady, items: readonly Item[], waiting = 0): Steady {
  const isSame =
    before.waiting === waiting &&
    before.items.length === items.length &&
    items.every((item, at) => isAlike(item, before.items[at]!));
  return isSame ? before : { items, waiting };
}

const asIt = (item: Item, before: Item): Item => (isAlike(item, before) ? before : item);

const isAlike = (one: Item, other: Item): boolean =>
  one.row === other.row && one.part === other.part && one.isGone === other.isGone;
