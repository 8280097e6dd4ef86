import { RealtimeError } from '@netbuild/realtime-protocol';

/** Whether something that was JSON is nested deeper than that: `{"a": [1]}` has two levels. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const part of Object.values(value)) if (isDeeper(part, levels - 1)) return true;
  return false;
}

/** Why a request that is nested deeper than that is refused; nothing where it is not. */
export function depthErrorOf(value: unknown, levels: number): RealtimeError | undefined {
  const message = `A request may be nested ${levels} levels deep.`;
  return isDeeper(value, levels) ? new RealtimeError('invalid', { message }) : undefined;
}
