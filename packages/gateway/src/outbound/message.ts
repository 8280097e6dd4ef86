import { formatPosition, type Position } from '@netbuild/realtime-protocol';
import { opaqueId } from '../opaque-id.ts';
import type { Selected } from './selection.ts';

/** What is sent for an event. */
export interface Message {
  /** The same whenever, and from whichever node, this event is sent. */
  id: string;
  /** A CloudEvent in structured mode. */
  body: string;
}

/** Where an event stands. */
export interface Place {
  domain: string;
  epoch: string;
  seq: number;
}

/** Writes an event for a receiver. */
export function messageOf({ event, left }: Selected, { domain, epoch, seq }: Place): Message {
  const position: Position = formatPosition(epoch, seq);
  const common = {
    specversion: '1.0',
    id: event.id,
    source: `/domains/${encodeURIComponent(domain.toWellFormed())}`,
    time: event.time,
    ...(event.subject !== undefined && { subject: event.subject }),
    domain,
    position,
  };
  const body = left
    ? { ...common, type: 'left', datacontenttype: 'application/json', data: { left } }
    : {
        ...common,
        type: event.type,
        ...(event.ended && { ended: true }),
        ...(event.commandId !== undefined && { commandid: event.commandId }),
        datacontenttype: 'application/json',
        data: event.data,
      };
  // No publisher may choose what stands in a header and is signed before a full stop.
  return { id: `evt_${opaqueId(domain, event.id)}`, body: JSON.stringify(body) };
}
