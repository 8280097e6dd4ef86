import type { Readable } from '@netbuild/realtime-client';
import { useSyncExternalStore } from 'react';

/**
 * A readable value, followed.
 *
 * @param onServer what it is before there is a connection: a page that a server has made takes it over as it was made,
 * be it a part of the page that comes only after the connection.
 */
export function useReadable<T>({ subscribe, getSnapshot }: Readable<T>, onServer: T): T {
  return useSyncExternalStore(subscribe, getSnapshot, () => onServer);
}

/** A readable value that never changes, for hooks that have nothing to follow yet. */
export function constant<T>(value: T): Readable<T> {
  return { subscribe: () => () => {}, getSnapshot: () => value };
}

/** What a view shows before there is a connection. */
export const NONE: readonly never[] = [];
