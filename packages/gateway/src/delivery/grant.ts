import type { Room } from '@netbuild/realtime-protocol';
import type { Watch } from './standing.ts';

/** What lets somebody be in a room. */
export interface Grant {
  readonly room: Room;
  /** Looks after the rows that justify it; none: it needs no row. */
  readonly watch?: Watch | undefined;
  /** It was given by somebody who has to be asked again, from then on by `Date.now()`. */
  readonly due?: number | undefined;
  /** Asks for another one in its place; none: it can not end. Rejects with `forbidden` where there is none any more. */
  again?(): Promise<Grant>;
}

/** What lets somebody be in rooms that are their own: it needs no row, and can not end. */
export function lasting(rooms: readonly Room[]): Grant[] {
  return rooms.map((room) => ({ room }));
}

/** Lets go of what is looked after for a grant that is not used, or no longer. */
export function release({ watch }: Grant): void {
  watch?.release();
}
