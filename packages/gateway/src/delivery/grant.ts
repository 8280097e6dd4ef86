import type { Room } from '@netbuild/realtime-protocol';
import type { Watch } from './standing.ts';

/** What lets somebody be in a room. */
export interface Grant {
  readonly room: Room;
  /** Looks after the rows that justify it; none: it needs no row. */
  readonly watch?: Watch | undefined;
  /** It was given by somebody who has to be asked again: from when on, by `Date.now()`, and how. */
  readonly renewal?: Renewal | undefined;
}

/** When and how a grant is asked for again. */
export interface Renewal {
  readonly due: number;
  /** Gives another one in its place; rejects with `forbidden` where there is none. */
  again(): Promise<Grant>;
}

/** Lets go of what is looked after for a grant that is not used, or no longer. */
export function release({ watch }: Grant): void {
  watch?.release();
}
