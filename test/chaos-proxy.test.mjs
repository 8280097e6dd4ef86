import { createServer } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { openProxy } from '../chaos/faults/proxy.mjs';

const opened = [];
afterEach(() => Promise.all(opened.splice(0).map((end) => end())));

/** A server that answers each question with what is so at that moment, behind a proxy. */
async function serverBehindProxy(said) {
  const server = createServer((_, answer) => answer.end(said()));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy = await openProxy(server.address().port);
  opened.push(() => {
    proxy.close();
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const ask = async () => (await fetch(`http://127.0.0.1:${proxy.port}`)).text();
  return { proxy, ask };
}

test('an answer that is held lets those of other connections pass', async () => {
  let questions = 0;
  const { proxy, ask } = await serverBehindProxy(() => String(++questions));
  const holds = [60_000, 0];
  const isHeld = new Promise((resolve) => {
    proxy.hold(() => {
      resolve();
      return holds.shift();
    });
  });
  const came = [];
  const first = ask().then(
    (said) => came.push(said),
    () => {},
  );
  await isHeld;
  came.push(await ask());
  proxy.cut();
  await first;
  expect(came).toEqual(['2']);
});

test('each answer is held once, and the one after it on the same connection is whole', async () => {
  const whole = 'x'.repeat(2_000_000);
  const { proxy, ask } = await serverBehindProxy(() => whole);
  let held = 0;
  proxy.hold(() => {
    held++;
    return 20;
  });
  expect(await ask()).toBe(whole);
  expect(await ask()).toBe(whole);
  expect(held).toBe(2);
});
