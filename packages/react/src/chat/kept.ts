import { useCallback, useEffect, useState } from 'react';

/**
 * Something of a user's in an execution that survives a reload of this window, and is there for nobody else who signs in
 * to it. Before it is known who they are it is kept nowhere, and what was begun then becomes theirs.
 *
 * @param empty what there is at first, which is not kept
 * @param isValid whether what was kept is what it should be: an older version may have written it
 */
export function useKept<T>(
  what: string,
  userId: string | undefined,
  executionId: string,
  empty: T,
  isValid: (kept: unknown) => kept is T,
): [T, (change: (before: T) => T) => void] {
  const name = userId === undefined ? undefined : `netbuild-realtime/${what}/${userId}/${executionId}`;
  const [state, setState] = useState<{ name: string | undefined; value: T }>({
    name: undefined,
    value: empty,
  });
  const isOurs = state.name === name || state.name === undefined;
  useEffect(() => {
    if (name === undefined) return;
    const kept = read(name);
    setState((before) => {
      if (before.name === name) return before;
      const isBegun = before.name === undefined && before.value !== empty;
      return { name, value: isBegun ? before.value : isValid(kept) ? kept : empty };
    });
  }, [name, empty, isValid]);
  useEffect(() => {
    if (state.name !== undefined) write(state.name, state.value === empty ? undefined : state.value);
  }, [state, empty]);
  const change = useCallback(
    (next: (before: T) => T) => setState(({ name: of, value }) => ({ name: of, value: next(value) })),
    [],
  );
  return [isOurs ? state.value : empty, change];
}

function read(name: string): unknown {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? 'null');
  } catch {
    // Storage can be forbidden; nothing survives then, which is all.
    return undefined;
  }
}

function write(name: string, value: unknown): void {
  try {
    if (value === undefined) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // As above; and what is too large to be kept is still on the screen.
  }
}
