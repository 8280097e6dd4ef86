import type { Variable } from '@netbuild/realtime-protocol';

/** Variables by their names, as commands carry them. */
export type Variables = Record<string, Variable>;

/** A variable as the REST API wants it. */
export interface TypedValue {
  value: unknown;
  type?: string;
}

/** Variables as the REST API wants them; of what has no type beside it, the engine takes the one that it has in JSON. */
export function typed(variables: Variables): Record<string, TypedValue> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, typedValue(value)]));
}

function typedValue(variable: Variable): TypedValue {
  if (typeof variable !== 'object' || variable === null) return { value: variable };
  const { type, value } = variable;
  if (type === 'Date') return { type, value: engineTime(value) };
  if (type === 'Json') return { type, value: JSON.stringify(value) };
  return { type, value };
}

/** The only way in which the REST API reads a time: `2026-01-01T12:00:00.000+0000`. */
export function engineTime(time: string): string {
  return new Date(time).toISOString().replace('Z', '+0000');
}

/**
 * Engines without Spin know no variables of type Json, and refuse the whole call.
 * @returns the same with their text as a String; `undefined` where that was not the reason
 */
export function withoutJson<T extends Record<string, TypedValue>>(
  variables: T,
  refusal: string,
): T | undefined {
  if (!refusal.includes("Unsupported value type 'Json'")) return undefined;
  return Object.fromEntries(
    Object.entries(variables).map(([name, one]) => [
      name,
      one.type === 'Json' ? { ...one, type: 'String' } : one,
    ]),
  ) as T;
}
