import type { Subject, SubjectKind } from '@netbuild/realtime-protocol';

/** A row as it stands in the log. */
export interface LedgerRow {
  subject: Subject;
  seq: number;
  /** Of its first event. */
  first: number;
  /** Its last event's id. */
  id: string;
  open: boolean;
  /** When its last event happened, ISO 8601. */
  time: string;
  data: Record<string, unknown>;
}

/** Where the log stood before the engine was asked. */
export interface Note {
  /** Position of a domain's head; 0 where the domain was not known yet: then only what has no row enters. */
  asOf(domain: string): number;
  /** The life in which that was. */
  life(domain: string): string | undefined;
}

/** What the log lacks, as a fact without its source. */
export interface Finding {
  id: string;
  type: string;
  /** When it happened, by the engine; or when it was seen. */
  time: string;
  data: object;
  /** The subject, and in what it differs: for who has to find out why. */
  subject: Subject;
  differs: string[];
}

/** A finding, where it belongs, and as of when it is true. */
export interface Found {
  domain: string;
  note: Note;
  finding: Finding;
}

/** The log, as far as reconcile compares it and adds to it. */
export interface Ledger {
  /** To be called before the engine is asked. */
  note(): Promise<Note>;
  /** Rows by name, open or ended. */
  rows(domain: string, subjects: Subject[]): Promise<Map<Subject, LedgerRow>>;
  /** All open rows of a kind that may be of this engine, in pages. */
  openRows(kind: SubjectKind): AsyncIterable<{ domain: string; rows: LedgerRow[] }>;
  /** Whether a row came into being by what this engine did. Who else reports something is left alone. */
  isOwn(domain: string, row: LedgerRow): Promise<boolean>;
  /** Whether taking something waits for somebody else's word: few large lots are better then than many small ones. */
  readonly waits: boolean;
  /** Takes in what the log lacks, each only if its row is as it was noted; the others are for another look. */
  take(found: Found[]): Promise<void>;
}
