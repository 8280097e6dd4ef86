import { useMemo, useSyncExternalStore } from 'react';

/** What a page shows of itself: a filter, a tab. Each page reads those that it knows. */
export type Query = Readonly<Record<string, string>>;

/** Where in the app we are. */
export type Route = { query: Query } & (
  | { page: 'my-work' }
  | { page: 'workstreams' }
  | { page: 'execution'; executionId: string }
  | { page: 'operations'; processDefinitionKey?: string }
  /** An address of none of them. */
  | { page: 'nowhere' }
);

/** The route that an address names; without one it is my work. */
export function readRoute(hash: string): Route {
  const [path = '', said = ''] = hash.replace(/^#/, '').split('?', 2);
  const query = Object.fromEntries(new URLSearchParams(said));
  const [page, id] = path.split('/').slice(1).map(decode);
  if (page === 'execution' && id) return { page, executionId: id, query };
  if (page === 'workstreams') return { page, query };
  if (page === 'operations') return { page, query, ...(id ? { processDefinitionKey: id } : {}) };
  return { page: page ? 'nowhere' : 'my-work', query };
}

/** The address of my work, filtered. */
export const myWorkHref = (query: Query = {}): string => withQuery('#/', query);

/** The address of the list of workstreams. */
export const workstreamsHref = '#/workstreams';

/** The address of an execution's page. */
export const executionHref = (executionId: string, query: Query = {}): string =>
  withQuery(`#/execution/${encodeURIComponent(executionId)}`, query);

/** The address of operations. */
export const operationsHref = '#/operations';

/** The route that the address names, followed. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(onAddress, () => location.hash);
  return useMemo(() => readRoute(hash), [hash]);
}

/** Goes to an address of the app, as a click on a link does. */
export function go(href: string): void {
  location.hash = href;
}

/** Says in the address what the page now shows. It is the same page: going back leads to the one before. */
export function replaceAddress(href: string): void {
  if (href === location.hash || (href === '#/' && location.hash === '')) return;
  history.replaceState(history.state, '', href);
  for (const listener of listeners) listener();
}

const listeners = new Set<() => void>();

function onAddress(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('hashchange', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('hashchange', listener);
  };
}

function withQuery(path: string, query: Query): string {
  const said = new URLSearchParams(query).toString();
  return said === '' ? path : `${path}?${said}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
