import type { CloseCode, Ephemeral, Room } from '@netbuild/realtime-protocol';
import type { Owed } from './outgoing.ts';

/** A place in one life of the log. */
export interface Place {
  epoch: string;
  seq: number;
}

/** Who gets events: a socket or a stream, seen from the delivery. */
export interface Member {
  /** The rooms that it is in; kept by the audience. */
  readonly rooms: Set<Room>;
  /** Whose it is, where that person counts as present in its rooms: of a stream, which nobody may be looking at, nobody's. */
  readonly userId?: string;
  /** Counts the changes of its rooms; kept by the audience. */
  revision: number;
  /** Takes what it is owed of one batch, in order. */
  take(owed: Owed[], epoch: string): void;
  /** Hears words that are kept nowhere, in its rooms. Members without it are not told. */
  hear?(words: Ephemeral[]): void;
  /** Hears that rooms were taken from it. It has got all that it was owed up to here, and gets nothing more for their sake. */
  left?(rooms: Room[], place: Place): void;
  /** Hears that it was given everything up to here. Members without it ask for no proof. */
  prove?(place: Place, isRebuilding: boolean): void;
  /** Ends it; its connection says why, if it still can. */
  close(code: CloseCode): void;
}
