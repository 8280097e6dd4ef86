import type { Group, NewEvent } from './log.ts';

/** A copy of what the interface names: callers may have more on their objects, and may change them later. */
export function plainGroup({ key, digest, reads, events, life, erases }: Group): Group {
  return {
    key,
    ...(digest !== undefined && { digest }),
    reads: reads.map((read) =>
      'group' in read
        ? { subject: read.subject, group: read.group }
        : { subject: read.subject, seq: read.seq },
    ),
    events: events.map(plainEvent),
    ...(life !== undefined && { life }),
    ...(erases && erases.length > 0 && { erases: [...erases] }),
  };
}

function plainEvent({ subject, rooms, left, open, body }: NewEvent): NewEvent {
  return { ...(subject !== undefined && { subject }), rooms: [...rooms], left: [...left], open, body };
}
