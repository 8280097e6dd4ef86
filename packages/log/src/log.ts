import type { Life, Room, Subject } from '@netbuild/realtime-protocol';

/** One event to append. The log knows rooms and subjects as names, and the body not at all. */
export interface NewEvent {
  /** The row that this event becomes; custom events without a row have none. */
  subject?: Subject;
  /** The rooms that it goes to whole. */
  rooms: Room[];
  /** The rooms that showed the subject before and no longer do. */
  left: Room[];
  /** Whether the row is still open: snapshots hold open rows alone. */
  open: boolean;
  /** The event as JSON text of an object, without `seq`. Stored and given back as it is. */
  body: string;
}

/** A row that a fold has read, and as what it read it. */
export type Read =
  | { subject: Subject /** The row's `seq`; 0 where there was none. */; seq: number }
  | { subject: Subject /** Index of the earlier group of the same append that wrote it. */; group: number };

/** One fact with its events. */
export interface Group {
  /** Names the fact in its domain. A key that is known is not written again. */
  key: string;
  /** Digest of the fact's body; the same key with another digest is a conflict. */
  digest?: string;
  /** Every row that the fold read. If one has moved on since, the group is not written. */
  reads: Read[];
  /** May be empty: the fact was no news, and its key is remembered alone. */
  events: NewEvent[];
  /** The epoch of the only life in which it is to be written: what it follows on may be lost with that one. */
  life?: string;
  /**
   * Subjects whose past ends here, in the same step and before the group's own events: they have no row any more,
   * and each of their events is read as an erased one ({@link Entry.erased}). Keys stay, so that a fact that is
   * repeated does not bring them back. An event without a subject is named by its seq; others can not be erased alone.
   */
  erases?: (Subject | number)[];
}

/** What became of a group. */
export type GroupResult =
  /** Written; the position of each event. */
  | { status: 'new'; seqs: number[] }
  /** The key was known; the positions of the events that it has. */
  | { status: 'known'; seqs: number[] }
  /** The key was known with another digest. */
  | { status: 'conflict' }
  /** Not written: the life that it was for is over. */
  | { status: 'over' }
  /** Not written: these rows are no longer as they were read (`undefined`: there is none). Fold again. */
  | { status: 'moved'; rows: { subject: Subject; row: StoredRow | undefined }[] }
  /** Not written, since it was built on a group that was not. Fold again. */
  | { status: 'fell'; group: number };

/** Answer to an append. */
export interface Appended {
  /** The life in which this was written. */
  epoch: string;
  /** The head of the log afterwards. */
  seq: number;
  /**
   * For so many milliseconds the storage may still lose what it has acknowledged (0: never).
   * Who can, keeps what was sent for that time, and sends it again if the epoch has changed.
   */
  settle: number;
  /** One for each group, in order. */
  groups: GroupResult[];
}

/** An event as the log holds it. */
export interface Entry extends NewEvent {
  seq: number;
  /** Only its place is left, so that there is no hole: it has no subject, no rooms, and the empty text as its body. */
  erased?: true;
  /** The log has let go of its body, see {@link LeavingLog.letGo}: that is the empty text here. */
  away?: true;
}

/** A row: the newest event of its subject. */
export interface StoredRow {
  subject: Subject;
  /** Of its last event. */
  seq: number;
  /** Of its first event. */
  first: number;
  rooms: Room[];
  open: boolean;
  /** The body of its last event. */
  body: string;
  /** The log has let go of it, see {@link LeavingLog.letGo}: it is the empty text here. */
  away?: true;
}

/** Where a log stands. */
export interface Head {
  epoch: string;
  /** The last sequence number given; 0 before the first. */
  seq: number;
  /** The last one that was forgotten, see {@link Log.trim}; 0 where none was. Who knows less than this can not be made whole. */
  floor: number;
  /** Every life that is still known, oldest first; the last one is `epoch`. */
  lives: Life[];
}

/** A part of the log. */
export interface EntryPage {
  epoch: string;
  /** The head at the time of the read: with `more` false, everything asked for up to here is in the page. */
  seq: number;
  /** What was forgotten at that time, see {@link Head.floor}. */
  floor: number;
  entries: Entry[];
  /** There are more beyond the limit. */
  more: boolean;
}

/** A part of the rows. */
export interface RowPage {
  epoch: string;
  /** The position at which the page is true. */
  seq: number;
  rows: StoredRow[];
  /** Where the next page starts; none: this was the last. */
  next?: Subject;
}

/** A part of all rows that there are. */
export interface EveryRow {
  epoch: string;
  /** The position at which the page is true. */
  seq: number;
  rows: StoredRow[];
  /** What the next page is asked for with; none: this was the last. */
  next?: string;
}

/** Rows that stand in several rooms. */
export interface Meetings {
  epoch: string;
  /** The position at which this is true. */
  seq: number;
  rows: StoredRow[];
  /** There are more beyond the limit. */
  more: boolean;
}

/** What is beyond it may go. Each part that is left out keeps everything. */
export interface Limit {
  /** Milliseconds since an event was appended; told by the storage's clock, to about a hundredth. */
  age?: number;
  /** So many events, the newest, stay. */
  count?: number;
}

/** How much of its past a log keeps. */
export interface Retention {
  /** Events beyond this are forgotten, unless a registered reader still needs them. */
  events?: Limit;
  /** Beyond this they are forgotten even so. Left out: they wait for readers without end. */
  waiting?: Limit;
  /** Rows that have ended are removed so many milliseconds later, once their event is forgotten; never sooner than keys. */
  ended?: number;
  /** But for those whose subjects begin with one of these. */
  lasting?: string[];
}

/** What a trim came to. */
export interface Trimmed {
  /** Events up to here are forgotten. */
  floor: number;
  /** It has done its share, and there is more to do. */
  more: boolean;
  /** The readers that were not waited for any longer, and how far they are: they have lost what lies between. */
  behind: { reader: string; seq: number }[];
}

/** Hears of what was appended: the entries of one write, in order. It is a wake-up; who misses one reads the log. */
export type Watcher = (domain: string, entries: Entry[], epoch: string) => void;

/** Hears a word that was cast. */
export type Hearer = (domain: string, text: string) => void;

/**
 * The log: for each domain one sequence of events without holes, the newest event of each subject (its row),
 * and one way to write: a compared, atomic append.
 *
 * Every implementation passes the same contract suite, whole (`test/contract.ts`).
 * All calls may reject with {@link LogError}.
 */
export interface Log {
  /**
   * Writes groups, atomically and in order. A group stands or falls alone, except that one which built on
   * an earlier group's row falls with it. What is acknowledged is durable, within `settle`.
   */
  append(domain: string, groups: Group[]): Promise<Appended>;

  /** Where the domain's log stands. The first call of any kind begins the domain, so an epoch exists before the first event. */
  head(domain: string): Promise<Head>;

  /**
   * Entries in order after a position, or after the floor where that is higher: then they are not all.
   *
   * @param range.after the last sequence number that is already known; 0 for the beginning
   * @param range.rooms only entries that go to, or leave, one of these rooms; left out: all
   * @param range.limit most entries in the page, at least 1
   */
  read(domain: string, range: { after: number; rooms?: Room[]; limit: number }): Promise<EntryPage>;

  /**
   * The last entries of one room before a position (left out: the head), oldest first; `more`: there are older ones.
   * Below the floor it finds the last event of each subject that has a row: history grows coarse, and does not end.
   */
  readBack(domain: string, range: { room: Room; before?: number; limit: number }): Promise<EntryPage>;

  /** Rows by name, open or ended; those that do not exist are left out. */
  rows(domain: string, subjects: Subject[]): Promise<StoredRow[]>;

  /**
   * The open rows of any of these rooms, by subject's name, in pages; each once. Without rooms: all that are open in
   * the domain, whether or not somebody sees them.
   */
  snapshot(domain: string, page: { rooms?: Room[]; after?: Subject; limit: number }): Promise<RowPage>;

  /**
   * Every row, open or ended, in pages: for who looks through all of them. One that is there all the while comes at
   * least once, whatever is written to it, and also where another life begins; in no order that is promised. What
   * comes into being or is removed meanwhile may come, or not.
   *
   * @param page.after the `next` of the page before, as it is
   * @param page.limit about so many rows come at once, at least 1; there may be none, and more all the same
   */
  everyRow(domain: string, page: { after?: string; limit: number }): Promise<EveryRow>;

  /**
   * The open rows that stand both in a room and in one of others, each once; in no order that is promised.
   *
   * @param limit most of them, at least 1; which ones, where there are more, is up to the log
   */
  meetings(domain: string, room: Room, others: Room[], limit: number): Promise<Meetings>;

  /**
   * Forgets what the retention no longer keeps: events, the oldest first; keys beyond their age, see
   * {@link LogOptions.keepKeys}; rows that ended long ago. What is open keeps its row, however old its last event is.
   *
   * One call does a bounded share, so that nobody waits for it; `more` asks for another one. What is forgotten, or
   * was erased, is gone from the storage too once `more` is false.
   */
  trim(domain: string, retention: Retention): Promise<Trimmed>;

  /**
   * Registers a reader of its own pace, which has everything up to `seq`, so that what follows is kept for it
   * (see {@link Retention.waiting}); `undefined` ends that.
   */
  keepFor(domain: string, reader: string, seq: number | undefined): Promise<void>;

  /** All domains that have ever been appended to. */
  domains(): Promise<string[]>;

  /**
   * Calls the watcher after each write of this process; returns the way to stop.
   *
   * Where several processes share the log it also hears what the others write to domains that were used here.
   * When a new life has taken back entries that it has heard, it hears those that stand in their place: `seq`
   * then goes back, with another epoch.
   */
  watch(watcher: Watcher): () => void;

  /**
   * Says something to all processes that share the log, this one too, each of them once, and keeps it nowhere: a word
   * for now, that nothing depends on. Words of one process are heard in their order. Others may miss any of them: who
   * has not used the domain yet, or can not be reached, or has its connection behind.
   *
   * @param text at most {@link MAX_WORD} characters
   * @throws LogError `misused`
   */
  cast(domain: string, text: string): void;

  /** Calls the hearer with each word that is cast in a domain that was used here; returns the way to stop. */
  hear(hearer: Hearer): () => void;

  /** Finishes what is under way and lets go of the storage. */
  close(): Promise<void>;
}

/** A log whose memory is dear: what is old may be left to another storage. */
export interface LeavingLog extends Log {
  /**
   * Lets go of the bodies of ended rows below the floor, which somebody else has now. Everything else of them stays:
   * where they stand, in which rooms, and as what they are compared; whoever reads them finds that the body is `away`.
   * A row that has moved on since, or is none, is left alone; and so are all of them in another life.
   *
   * @returns how many of them it has let go of
   */
  letGo(domain: string, epoch: string, rows: readonly { subject: Subject; seq: number }[]): Promise<number>;
}
