import { connect, createServer } from 'node:net';

/**
 * A TCP proxy on the loopback interface whose connections can be cut, delayed, half-opened and stalled.
 * Each client has one of its own, so a fault of its network is nobody else's.
 *
 * @param {number} port the port that it leads to
 */
export async function openProxy(port) {
  const pairs = new Set();
  let to = port;
  let latency = 0;
  let lateness = () => 0;
  let isStalled = false;

  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: '127.0.0.1', port: to, noDelay: true });
    const pair = { near, far, isSwallowed: false, isAsked: false };
    pairs.add(pair);
    forward(pair, near, far, {
      isHeld: () => false,
      standing() {
        pair.isAsked = true;
        return 0;
      },
    });
    forward(pair, far, near, {
      isHeld: () => isStalled,
      standing() {
        // Of an answer its beginning: the rest comes after that.
        const isBeginning = pair.isAsked;
        pair.isAsked = false;
        return isBeginning ? lateness() : 0;
      },
    });
    if (isStalled) far.pause();
  });

  /** @param {{ isHeld: () => boolean, standing: () => number }} how `standing`: how long what comes now stands here */
  function forward(pair, from, into, { isHeld, standing }) {
    /** What is late, in order: timers alone would not keep it. */
    const late = [];
    let timer;
    const send = (chunk) => {
      if (into.destroyed || into.write(chunk)) return;
      from.pause();
      into.once('drain', () => {
        if (!isHeld()) from.resume();
      });
    };
    const release = () => {
      timer = undefined;
      while (late.length > 0 && late[0].due <= Date.now()) {
        const { chunk } = late.shift();
        if (chunk) send(chunk);
        else into.end();
      }
      if (late.length > 0) timer = setTimeout(release, late[0].due - Date.now());
    };
    const pass = (chunk) => {
      if (pair.isSwallowed) return;
      const due = Math.max(Date.now() + latency + standing(), late.at(-1)?.due ?? 0);
      late.push({ due, chunk });
      if (!timer) release();
    };
    from.on('data', pass);
    // A half-open connection is one of which the other end does not hear that it is gone.
    from.on('end', () => pass());
    from.on('error', () => {
      if (!pair.isSwallowed) into.destroy();
    });
    from.on('close', () => {
      if (!pair.isSwallowed && late.length === 0) into.destroy();
      if (pair.near.destroyed && pair.far.destroyed) pairs.delete(pair);
    });
  }

  const destroy = (pair) => {
    pair.near.resetAndDestroy();
    pair.far.resetAndDestroy();
    pairs.delete(pair);
  };

  const cut = () => {
    for (const pair of pairs) destroy(pair);
  };

  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    /** Resets every connection. */
    cut,
    /** Leads elsewhere from now on, as a name or a virtual address does at a failover. */
    lead(port) {
      to = port;
      cut();
    },
    /** From now on each byte comes so many milliseconds later. */
    delay(milliseconds) {
      latency = milliseconds;
    },
    /**
     * From now on each answer stands here for so many milliseconds before it goes on, as in a proxy that is busy: what
     * it says may be old by then. The next question of a connection has to wait for it.
     *
     * @param {() => number} milliseconds of the next one
     */
    hold(milliseconds) {
      lateness = milliseconds;
    },
    /** Swallows whatever the present connections carry; returns the end of it, when both ends are told. */
    halfOpen() {
      const swallowed = [...pairs];
      for (const pair of swallowed) pair.isSwallowed = true;
      return () => {
        for (const pair of swallowed) destroy(pair);
      };
    },
    /** Stops reading what the server sends, as a browser does that is busy. */
    stall() {
      isStalled = true;
      for (const { far } of pairs) far.pause();
      return () => {
        isStalled = false;
        for (const { far } of pairs) far.resume();
      };
    },
    close() {
      cut();
      server.close();
    },
  };
}
