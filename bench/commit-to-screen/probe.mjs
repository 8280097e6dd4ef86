/**
 * Loaded into the gateway's process, and its threads, by `--import`: writes down when a request comes in, when
 * SQLite has committed and when a frame goes out, all from outside the product's code. Times are of the machine's
 * monotonic clock, which is one for all processes and threads.
 */

import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { DatabaseSync } from 'node:sqlite';
import { isMainThread } from 'node:worker_threads';

const file = process.env.PROBE_FILE;
let notes = '';

function note(what) {
  notes += `${what} ${process.hrtime.bigint()}\n`;
}

const exec = DatabaseSync.prototype.exec;
DatabaseSync.prototype.exec = function (sql) {
  const result = exec.call(this, sql);
  if (sql === 'COMMIT') note('appended');
  return result;
};

if (isMainThread) {
  subscribe('http.server.request.start', ({ request }) => {
    if (request.url === '/v1/engine') note('received');
  });
  const socketIo = createRequire(new URL('../../packages/gateway/package.json', import.meta.url));
  const { Sender } = createRequire(createRequire(socketIo.resolve('socket.io')).resolve('engine.io'))('ws');
  const { sendFrame } = Sender.prototype;
  Sender.prototype.sendFrame = function (...args) {
    note('sent');
    return sendFrame.apply(this, args);
  };
}

const flush = () => {
  if (notes !== '') appendFileSync(file, notes);
  notes = '';
};
setInterval(flush, 200).unref();
process.on('exit', flush);
