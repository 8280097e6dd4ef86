import type { Checkpoint, Delivered, Room } from '@netbuild/realtime-protocol';

/** A place in a log. */
export interface Point {
  epoch: string;
  seq: number;
}

/** What is known, how much of that is proved, and what has been told. */
export class Ledger {
  /** Everything up to here is known, as far as can be seen. */
  position: Point | undefined;
  /** Everything up to here is known, and that is proved: the one place to resume from. */
  proved: Point | undefined;
  /** The revision of our rooms that the server named last; older servers name none. */
  revision: number | undefined;
  #count = 0;
  /** What has come beyond the proved place. A resume from there brings it again, and what was lost between. */
  #beyond = new Map<number, string>();
  /** Where each room was shown whole: what was in that picture is no news. */
  #from = new Map<Room, number>();

  /** A new connection counts anew. */
  connected(): void {
    this.#count = 0;
    this.revision = undefined;
  }

  forget(): void {
    this.position = undefined;
    this.proved = undefined;
    this.#beyond.clear();
  }

  /** From here on nothing before this place is missing. */
  prove(point: Point): void {
    this.position = point;
    this.proved = point;
    this.#beyond.clear();
  }

  /** Rooms were shown as they were at this place. */
  shown(rooms: readonly Room[], { seq }: Point): void {
    for (const room of rooms) this.#from.set(room, seq);
  }

  /** Forgets the pictures of other rooms: whoever comes back to one of them gets another. */
  keepPictures(isKept: (room: Room) => boolean): void {
    for (const room of this.#from.keys()) if (!isKept(room)) this.#from.delete(room);
  }

  /** Compares a checkpoint with what has arrived; the next one counts from here. */
  agrees({ epoch, count, rooms }: Checkpoint): boolean {
    const isWhole = count === this.#count;
    this.#count = 0;
    return isWhole && (this.revision ?? rooms) === rooms && (this.position?.epoch ?? epoch) === epoch;
  }

  /**
   * Enters what has been applied. Answers whether it is to be told: not known before, and not part of a picture.
   *
   * @param isSent the next checkpoint counts it. What comes twice counts once, or it would hide a loss.
   */
  isNews(item: Delivered, isSent: boolean): boolean {
    const { seq, left } = item;
    if (this.position && seq > this.position.seq) this.position = { ...this.position, seq };
    const known = this.#beyond.get(seq);
    if (seq <= (this.proved?.seq ?? 0) || known === nameOf(item)) return false;
    if (isSent) this.#count++;
    // Another one in the same place is of another life, of which the next answer tells.
    if (known !== undefined) return false;
    this.#beyond.set(seq, nameOf(item));
    const isAfterPicture = (room: Room) => seq > (this.#from.get(room) ?? seq);
    return left.some(isAfterPicture) || ('rooms' in item && item.rooms.some(isAfterPicture));
  }

  /** Whether all that is known beyond the proved place is among these, and nothing is known of another life. */
  isAmong(events: readonly Delivered[]): boolean {
    const names = new Map(events.map((item) => [item.seq, nameOf(item)]));
    return (
      [...this.#beyond].every(([seq, name]) => names.get(seq) === name) &&
      [...this.#from.values()].every((seq) => seq <= this.proved!.seq)
    );
  }
}

const nameOf = (item: Delivered): string => ('id' in item ? item.id : item.subject);
