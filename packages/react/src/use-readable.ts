import type { Readable } from '@netbuild/realtime-client';
import { useSyncExternalStore } from 'react';

/** A readable value, followed. On a server it is read once. */
export function useReadable<T>({ subscribe, getSnapshot }: Readable<T>): T {
  return useSyncExternalStore(subscribe, getSnapshot, getSnapshot);
}

/** A readable value that never changes, for hooks that have nothing to follow yet. */
export function constant<T>(value: T): Readable<T> {
  return { subscribe: () => () => {}, getSnapshot: () => value };
}
