import type { SubjectKind } from '@netbuild/realtime-protocol';
import type { Finding, LedgerRow } from './ledger.ts';
import type { Listing } from './listing.ts';

/** What the engine shows, and the row that the log has of it. */
export interface Pair<Item> {
  item: Item;
  row: LedgerRow | undefined;
}

/** A list, and what it comes to against the rows. */
export interface Source<Item extends { id: string; tenantId?: string | null | undefined }> {
  kind: SubjectKind;
  listing: Listing<Item>;
  /** What the rows of a domain lack. */
  judge(pairs: Pair<Item>[], domain: string): Promise<Finding[]> | Finding[];
}

/** What has become of something that is open here and not among what the engine has open. */
export interface Missing {
  /** By their ids: what the rows lack. Left out is what is open after all. */
  findings: Finding[];
  /** What the engine knows nothing of any more: how and when it ended is a guess. */
  guesses: Finding[];
}

/** A kind of thing in the engine that begins and ends. */
export interface Kind {
  kind: SubjectKind;
  /** What is open, for a sweep. */
  // biome-ignore lint/suspicious/noExplicitAny: each source judges its own items.
  open: Source<any>;
  /** Path of the number of all that is open. */
  count: string;
  /** Finds out about rows that are open here alone. */
  missing(rows: LedgerRow[]): Promise<Missing>;
}
