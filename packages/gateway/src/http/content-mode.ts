import type { IncomingHttpHeaders } from 'node:http';
import { RealtimeError } from '@netbuild/realtime-protocol';

/**
 * How CloudEvents come over HTTP, by the "HTTP Protocol Binding" of CloudEvents 1.0
 * (https://github.com/cloudevents/spec, sections 1.3 and 3), with JSON as the only format of data.
 */

/** The content type of one event with its attributes around its data: structured mode. */
export const STRUCTURED = 'application/cloudevents+json';

/** The content type of an array of such events: batch mode. */
export const BATCH = 'application/cloudevents-batch+json';

/** What the name of an attribute begins with that is a header. */
export const PREFIX = 'ce-';

/** What a request brings: not checked yet. */
export type Received = { event: unknown } | { batch: unknown[] };

/** Whether the attributes stand in the headers, and the body is the data alone: binary mode. */
export function isBinary(headers: IncomingHttpHeaders): boolean {
  return typeIn(headers).startsWith('application/cloudevents') ? false : 'ce-specversion' in headers;
}

/** Whether the body is an array of events. */
export function isBatch(headers: IncomingHttpHeaders): boolean {
  return typeIn(headers).startsWith('application/cloudevents-batch');
}

/**
 * The events of a request, in whichever mode they come. Plain `application/json` without the header `ce-specversion`
 * is taken for structured mode, which is what whoever writes a request by hand means.
 *
 * @throws {@link RealtimeError} `invalid`, with the attribute whose header can not be read
 */
export function receivedIn({ headers, body }: { headers: IncomingHttpHeaders; body: unknown }): Received {
  if (isBatch(headers)) {
    if (!Array.isArray(body))
      throw new RealtimeError('invalid', { message: 'A batch is an array of events.' });
    return { batch: body.map(withoutUnset) };
  }
  if (!isBinary(headers)) return { event: withoutUnset(body) };
  const { 'content-type': datacontenttype } = headers;
  return {
    event: {
      ...attributesIn(headers),
      ...(datacontenttype === undefined ? {} : { datacontenttype }),
      ...(body === undefined ? {} : { data: body }),
    },
  };
}

function typeIn(headers: IncomingHttpHeaders): string {
  return (headers['content-type'] ?? '').toLowerCase();
}

/** The JSON format takes `null` for an attribute that is not set; as data it is a value. */
function withoutUnset(event: unknown): unknown {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return event;
  return Object.fromEntries(
    Object.entries(event).filter(([name, value]) => value !== null || name === 'data'),
  );
}

function attributesIn(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(PREFIX))
      .map(([name, value]) => {
        const attribute = name.slice(PREFIX.length);
        return [attribute, decoded(attribute, String(value))];
      }),
  );
}

/** Any part of a header in double quotes, as older senders have it. */
const QUOTED = /"((?:[^"\\]|\\.)*)"/g;

/** A header's value as the attribute that it is: first without its quotes, then percent-decoded, once (section 3.1.3.2). */
function decoded(attribute: string, value: string): string {
  const refused = (what: string): RealtimeError =>
    new RealtimeError('invalid', { field: attribute, message: `${attribute}: ${what}` });
  // Node reads each byte as a character, so what was UTF-8 would be taken for something else without a word.
  if (/[^\t\x20-\x7e]/.test(value)) throw refused('in a header, what is not ASCII is percent-encoded.');
  const plain = value.replace(QUOTED, (_all, inside: string) => inside.replace(/\\(.)/g, '$1'));
  try {
    return decodeURIComponent(plain);
  } catch {
    throw refused('this header is not percent-encoded UTF-8; a % is written as %25.');
  }
}
