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

test('an answer that is held says what was so when it was given, and comes after later ones', async () => {
  let questions = 0;
  const { proxy, ask } = await serverBehindProxy(() => String(++questions));
  const holds = [1000, 0];
  const came = [];
  const both = new Promise((resolve) => {
    proxy.hold(() => {
      // The first has been given by now; the second is asked for on a connection of its own.
      if (holds.length === 2) resolve(ask().then((said) => came.push(said)));
      return holds.shift();
    });
  });
  came.push(await ask());
  await both;
  expect(came).toEqual(['2', '1']);
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
