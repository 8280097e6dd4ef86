import { crc32 } from 'node:zlib';
import { DOMAIN } from '../load/cast.mjs';

/** Holds the rows that a client shows in the end against those of the log. */
export async function judgeRows(name, { rooms, rows }, log, report) {
  if (rooms.length === 0) return;
  const wanted = new Map();
  for (let after; ; ) {
    const page = await log.snapshot(DOMAIN, {
      rooms,
      limit: 1000,
      ...(after === undefined ? {} : { after }),
    });
    for (const { subject, seq, body } of page.rows) wanted.set(subject, { seq, print: crc32(body) });
    after = page.next;
    if (after === undefined) break;
  }
  const shown = new Set();
  for (const [subject, seq, print] of rows) {
    shown.add(subject);
    const row = wanted.get(subject);
    if (!row) report('strayed', `${name} shows ${subject} (${seq}), which is not open in its rooms`, seq);
    else if (row.seq !== seq || row.print !== print)
      report('lost', `${name} shows ${subject} as of ${seq}, the log has ${row.seq}`, row.seq);
  }
  for (const [subject, { seq }] of wanted)
    if (!shown.has(subject)) report('lost', `${name} does not show ${subject}, open since ${seq}`, seq);
}
