import { createHash } from 'node:crypto';
import type { Finding } from './ledger.ts';

/** Drops what the engine left empty; an empty text is none. */
export function said(data: object): object {
  return Object.fromEntries(
    Object.entries(data).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  );
}

/** A short name of what was seen: with the row's position it names an occurrence that may repeat. */
export function digestOf(seen: unknown): string {
  return createHash('sha256').update(JSON.stringify(seen)).digest('base64url').slice(0, 12);
}

/** The same finding as one that had to guess. */
export function guessed(finding: Finding): Finding {
  return { ...finding, data: { ...finding.data, observed: true } };
}

/** Now: of what the engine does not tell the time. */
export function now(): string {
  return new Date().toISOString();
}
