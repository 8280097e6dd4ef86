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
  #beyond = new Map<number, { item: Delivered; isCounted: boolean }>();
  /** Where each room was shown whole: what was in that picture is no news. */
  #from = new Map<Room, number>();

  /** A new connection counts anew. */
  connected(): void {
    this.#count = 0;
    this.revision = undefined;
    for (const held of this.#beyond.values()) held.isCounted = false;
  }

  forget(): void {
    this.position = undefined;
    this.proved = undefined;
    this.#beyond.clear();
  }

  /** From here on nothing before this place is missing. */
  begin(point: Point): void {
    this.position = point;
    this.proved = point;
    this.#beyond.clear();
  }

  /**
   * The same where it goes on. A node may be behind what another one has sent: that stays known, and is not told again.
   *
   * @param forked where its life, if that is another one, began: what was seen from there on is not of it
   */
  prove({ epoch, seq }: Point, forked = Number.POSITIVE_INFINITY): void {
    this.position = { epoch, seq: Math.max(seq, Math.min(this.position?.seq ?? 0, forked - 1)) };
    this.proved = { epoch, seq };
    for (const known of this.#beyond.keys()) if (known <= seq || known >= forked) this.#beyond.delete(known);
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
    if (seq <= (this.proved?.seq ?? 0)) return false;
    const known = this.#beyond.get(seq);
    const held = known ?? { item, isCounted: false };
    // Another one in the same place is of another life, of which the next answer tells.
    const isKnown = isSame(held.item, item);
    if (isSent && !(isKnown && held.isCounted)) this.#count++;
    if (isSent && isKnown) held.isCounted = true;
    if (known) return false;
    this.#beyond.set(seq, held);
    const isAfterPicture = (room: Room) => seq > (this.#from.get(room) ?? seq);
    return left.some(isAfterPicture) || ('rooms' in item && item.rooms.some(isAfterPicture));
  }

  /**
   * Whether nothing is known of a life that another one has left behind: all that was seen of these rooms since is
   * among what is theirs now, and no picture is younger.
   */
  isAmong(events: readonly Delivered[], rooms: readonly Room[], forked: number): boolean {
    const theirs = new Map(events.map((item) => [item.seq, item]));
    const isTheirs = (room: Room) => rooms.includes(room);
    for (const [seq, { item }] of this.#beyond) {
      const same = theirs.get(seq);
      if (seq < forked || (same && isSame(item, same))) continue;
      if (item.left.some(isTheirs) || ('rooms' in item && item.rooms.some(isTheirs))) return false;
    }
    return [...this.#from.values()].every((seq) => seq < forked || seq <= this.proved!.seq);
  }
}

/** One and the same; what is whole for one of our rooms may be a word of leaving for another. */
const isSame = (one: Delivered, other: Delivered): boolean =>
  'id' in one && 'id' in other
    ? one.id === other.id
    : one.subject === other.subject && `${one.left}` === `${other.left}`;
