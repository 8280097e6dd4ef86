import { useSyncExternalStore } from 'react';

/** Where in the app we are. */
export type Route = { page: 'home' } | { page: 'execution'; executionId: string };

/** The page that the address names; what it does not know is home. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(onHashChange, () => location.hash);
  const executionId = /^#\/execution\/(.+)$/.exec(hash)?.[1];
  return executionId === undefined
    ? { page: 'home' }
    : { page: 'execution', executionId: decode(executionId) };
}

/** The address of an execution's page. */
export function executionHref(executionId: string): string {
  return `#/execution/${encodeURIComponent(executionId)}`;
}

function onHashChange(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
