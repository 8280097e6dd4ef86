import type { Entry } from '@netbuild/realtime-log';
import type { Delivered, RealtimeEvent, Subject } from '@netbuild/realtime-protocol';

/** One thing to send, made once for all who get it. */
export interface Outgoing {
  readonly entry: Entry;
  /** The life of the log that it was read in. */
  readonly epoch: string;
  /** The event whole; parsed once. */
  readonly event: RealtimeEvent;
  /** The same as JSON text, encoded once. */
  readonly text: string;
}

/** What a member is owed: an event, or the word that none of its rooms shows the subject any more. */
export interface Owed {
  item: Outgoing;
  left: boolean;
}

/** Makes an entry ready to be sent. */
export function outgoing(entry: Entry, epoch: string): Outgoing {
  let event: RealtimeEvent | undefined;
  let text: string | undefined;
  return {
    entry,
    epoch,
    get event() {
      event ??= eventOf(entry);
      return event;
    },
    get text() {
      // The body is the text of an object already; it only lacks its place.
      text ??= entry.body === '{}' ? `{"seq":${entry.seq}}` : `{"seq":${entry.seq},${entry.body.slice(1)}`;
      return text;
    },
  };
}

/** As it stands on the wire. */
export function deliveredOf({ item, left }: Owed): Delivered {
  const { seq, subject, left: rooms } = item.entry;
  return left ? { seq, subject: subject!, left: rooms } : item.event;
}

/** As it stands on the wire, encoded. */
export function textOf(owed: Owed): string {
  return owed.left ? JSON.stringify(deliveredOf(owed)) : owed.item.text;
}

/** An entry, or a row, of the log as the event that it is. */
export function eventOf(stored: { seq: number; body: string; subject?: Subject }): RealtimeEvent {
  return { seq: stored.seq, ...(JSON.parse(stored.body) as Omit<RealtimeEvent, 'seq'>) };
}
