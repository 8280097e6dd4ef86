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

/** Whether an engine has refused a call since it knows no variables of type Json: it has no Spin. */
export function isWithoutJson(refusal: string): boolean {
  return refusal.includes("Unsupported value type 'Json'");
}

/** The same, with what is JSON as its text. */
export function asText(variables: Record<string, TypedValue>): Record<string, TypedValue> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, one]) => [
      name,
      one.type === 'Json' ? { ...one, type: 'String' } : one,
    ]),
  );
}
