import type { Log, StoredRow } from '@netbuild/realtime-log';
import type { Room, Subject } from '@netbuild/realtime-protocol';

/** The data of a row, or of an entry that has a subject: what its type's fold has made. */
export function dataOf<T>({ body }: Pick<StoredRow, 'body'>): T {
  return (JSON.parse(body) as { data: T }).data;
}

/** The open rows of a room, in pages of at most so many. Whoever stops early reads no further. */
export async function* openRows(
  log: Pick<Log, 'snapshot'>,
  domain: string,
  room: Room,
  limit: number,
): AsyncGenerator<StoredRow[]> {
  let next: Subject | undefined;
  do {
    const page = await log.snapshot(domain, { rooms: [room], limit, ...(next && { after: next }) });
    yield page.rows;
    next = page.next;
  } while (next !== undefined);
}
