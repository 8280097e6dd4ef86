/** An instant as the engine's REST API wants it: `2026-01-31T12:00:00.000+0000`. */
export function toEngineDate(instant: number): string {
  return new Date(instant).toISOString().replace('Z', '+0000');
}

/** What the engine calls a time, as an instant; `undefined` where it is none. */
export function instantOf(text: string | null | undefined): number | undefined {
  const instant = text ? Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) : Number.NaN;
  return Number.isNaN(instant) ? undefined : instant;
}

/** What the engine calls a time, as facts say it. */
export function isoOf(text: string | null | undefined): string | undefined {
  const instant = instantOf(text);
  return instant === undefined ? undefined : new Date(instant).toISOString();
}
