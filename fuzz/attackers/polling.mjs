import { exchange } from './http.mjs';

/** What separates packets in the body of a poll. */
const SEPARATOR = '\x1e';

/** Sessions over polling: bodies of several packets, sent at once, out of order, to sessions of others and to none. */
export function createPollingAttacker({ agent, port, random, packets, values, tokens, listen, isOver }) {
  return async function visit() {
    let last = 'the handshake';
    const hear = listen(() => last);
    const at = (sid) =>
      `/socket.io/?EIO=4&transport=polling${sid === undefined ? '' : `&sid=${encodeURIComponent(sid)}`}`;
    const send = (sid, body, type = 'text/plain;charset=UTF-8') =>
      exchange(agent, port, { method: 'POST', path: at(sid), headers: { 'content-type': type }, body }, hear);
    const poll = (sid) => exchange(agent, port, { method: 'GET', path: at(sid), headers: {} }, hear);

    const opened = await poll();
    const sid = /"sid":"([^"]+)"/.exec(opened?.text ?? '')?.[1] ?? values.text().toWellFormed();
    const token = random.pick(tokens);
    if (random.next() < 0.9) await send(sid, `40${token === undefined ? '' : JSON.stringify({ token })}`);
    const turns = random.between(1, 6);
    let sent = 1;
    for (let turn = 0; turn < turns && !isOver(); turn++) {
      const some = Array.from({ length: random.between(1, 20) }, () => packets.packet());
      last = some.join(' ').slice(0, 500);
      sent += some.length;
      const whose = random.next() < 0.95 ? sid : values.text().toWellFormed();
      const body =
        random.next() < 0.9
          ? some.join(SEPARATOR)
          : Buffer.concat([values.bytes(20), Buffer.from(some.join(''))]);
      // Two polls of one session at once are one too many.
      await Promise.all([
        send(whose, body, random.next() < 0.95 ? undefined : 'application/octet-stream'),
        ...(random.next() < 0.3 ? [poll(sid)] : []),
        ...(random.next() < 0.1 ? [poll(sid), poll(sid)] : []),
      ]);
    }
    // Ends the session, so that none is left to time out.
    await send(sid, '1');
    return sent;
  };
}
