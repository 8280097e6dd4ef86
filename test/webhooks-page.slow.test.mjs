import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { at, bin } from '../scripts/lib/paths.mjs';
import { freePort } from '../scripts/lib/ports.mjs';
import { start } from '../scripts/lib/processes.mjs';
import { startGateway } from '../scripts/stack/gateway.mjs';

const run = promisify(execFile);
const page = await readFile(at('docs/webhooks.md'), 'utf8');

/** Processes begin slowly on a busy machine. */
const until = (look) => expect.poll(look, { timeout: 30_000 });

/** The blocks of the page in a language, in order. */
const blocks = (language) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, code]) => code);
const [setting, example] = blocks('json');
const [receiver] = blocks('js');
const [python] = blocks('python');
/** The commands, each with the answer that stands below it; the one without is the signature's. */
const commands = [...page.matchAll(/^```sh\n([\s\S]*?)^```\n\n(?:```\n([\s\S]*?)^```$)?/gm)];
const [, printed] = /and the receiver prints:\n\n```\n([\s\S]*?)^```$/m.exec(page);

/** What differs each time, as the same word; that all lives of a page are the same does not. */
function settled(text) {
  const lives = [];
  return text
    .replace(/(?<="epoch":"|x:shipped )[\w-]{8,}(?=")|(?<=x:shipped )[\w-]{8,}(?=:\d)/g, (epoch) => {
      if (!lives.includes(epoch)) lives.push(epoch);
      return `life ${lives.indexOf(epoch)}`;
    })
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'a time')
    .replace(/after \d+ attempts/g, 'after some attempts');
}

async function isThere(command, ...args) {
  return run(command, args).then(
    () => true,
    () => false,
  );
}

test('each command of the page on webhooks answers what stands below it', async ({ skip }) => {
  for (const [command, arg] of [
    ['curl', '--version'],
    ['openssl', 'version'],
    ['python3', '--version'],
  ])
    if (!(await isThere(command, arg))) skip(`There is no ${command} here.`);
  expect(commands).toHaveLength(blocks('sh').length);
  const folder = await mkdtemp(path.join(tmpdir(), 'webhooks-page-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const here = (text) => text.replaceAll('4000', `${port}`);
  const [{ secrets }] = JSON.parse(setting);
  const [JWT_SECRET, PUBLISH_KEY] = [0, 1].map(() => randomBytes(32).toString('hex'));
  const gateway = await startGateway({
    log: path.join(folder, 'gateway.txt'),
    env: {
      PORT: '0',
      DATA_DIR: path.join(folder, 'data'),
      JWT_SECRET,
      PUBLISH_KEY,
      SUBSCRIPTIONS: here(setting),
    },
  });
  onTestFinished(() => gateway.stop());
  const env = {
    ...process.env,
    PATH: `${at('node_modules/.bin')}${path.delimiter}${process.env.PATH}`,
    GATEWAY: gateway.url,
    PUBLISH_KEY,
    SECRET: secrets[0],
  };
  const shell = async (command, more) =>
    (await run('sh', ['-c', command], { env: { ...env, ...more } })).stdout;
  const startReceiver = async () => {
    const child = start(bin('node'), ['--input-type=module', '--eval', here(receiver)], {
      name: 'receiver',
      env,
    });
    onTestFinished(() => child.stop());
    const status = () =>
      fetch(`http://127.0.0.1:${port}`).then(
        (answer) => answer.status,
        () => 0,
      );
    await until(status).toBe(401);
    return child;
  };
  const [publish, signature, list, again, letters, replay] = commands;
  const asked = async (what) => {
    const headers = { authorization: `Bearer ${PUBLISH_KEY}` };
    return (await fetch(`${gateway.url}/v1/${what}`, { headers })).json();
  };

  const first = await startReceiver();
  const said = [await shell(publish[1])];
  await until(() => first.tail.text).toContain('parcel');
  said.push(`${first.tail.text.trim()}\n`);
  await until(() => asked('subscriptions')).toMatchObject({ subscriptions: [{ behind: 0 }] });
  expect(await shell(list[1])).toBe(list[2]);
  await first.stop();
  said.push(await shell(again[1]));
  await until(() => asked('dead-letters')).toMatchObject({ letters: [{ letter: 1 }] });
  said.push(await shell(letters[1]));
  const second = await startReceiver();
  said.push(await shell(replay[1]));
  expect(settled(said.join('\n'))).toBe(
    settled([publish[2], printed, again[2], letters[2], replay[2]].join('\n')),
  );
  await until(() => second.tail.text).toContain('"0816"');

  // What comes is as the page shows it, and its signature is what the page's own ways make of it.
  await second.stop();
  const { promise, resolve } = Promise.withResolvers();
  const server = createServer(async (request, response) => {
    const chunks = await Array.fromAsync(request);
    resolve({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(204).end();
  });
  await new Promise((listening) => server.listen(port, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  await shell(publish[1].replace('"id": "1"', '"id": "René"'));
  const { headers, body } = await promise;
  const parts = { ID: headers['webhook-id'], TIMESTAMP: headers['webhook-timestamp'], BODY: body };
  const [, expected] = headers['webhook-signature'].split(',');
  expect(await shell(signature[1], parts)).toBe(expected);
  const { stdout } = await run('python3', ['-c', python], { env: { ...env, ...parts } });
  expect(stdout.trim()).toBe(expected);
  expect(Object.keys(JSON.parse(body))).toEqual(Object.keys(JSON.parse(example)));
}, 120_000);
