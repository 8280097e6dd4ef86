import { expect } from 'vitest';
import {
  CATALOGUE,
  type Change,
  check,
  type EventType,
  SUBJECTS,
  type Subject,
  subjectKind,
} from '../../src/index.ts';

/** Rows in memory, and facts folded into them: what `publish` does, without a log. */
export interface World {
  /** Folds a fact; every row that comes of it is of its subject's shape. */
  report(type: EventType, data: object, time?: string): Change[];
  /** Puts a row where it was left by an earlier version. */
  place(subject: Subject, data: object): void;
  /** The data of a row. */
  row(subject: Subject): Record<string, unknown> | undefined;
  /** The rooms of a row, sorted. */
  rooms(subject: Subject): string[];
}

export const NOON = '2026-01-01T12:00:00.000Z';
export const LATER = '2026-01-01T12:00:30.000Z';

export function createWorld(): World {
  const rows = new Map<Subject, object>();
  return {
    report(type, data, time = NOON) {
      const entry = CATALOGUE.get(type)!;
      const fact = { source: 'test', id: '1', type, time, data: check(entry.fact, data) };
      const changes = entry.fold(fact, <T extends object>(name: Subject) => rows.get(name) as T | undefined);
      for (const change of changes) {
        const parsed = SUBJECTS[subjectKind(change.subject)].data.safeParse(change.data);
        expect(parsed.error?.issues, change.subject).toBeUndefined();
        expect(parsed.data, 'a row holds nothing that its shape does not name').toEqual(change.data);
        rows.set(change.subject, change.data);
      }
      return changes;
    },
    place: (name, data) => void rows.set(name, data),
    row: (name) => rows.get(name) as Record<string, unknown> | undefined,
    rooms(name) {
      const data = rows.get(name);
      const rooms = data ? SUBJECTS[subjectKind(name)].rooms(data, 'acme') : [];
      return [...new Set(rooms.filter((room) => room !== undefined))].sort();
    },
  };
}

/** The types of the events that a fact came to. */
export const types = (changes: Change[]) => changes.map(({ type }) => type);
