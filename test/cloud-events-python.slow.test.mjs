import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { at } from '../scripts/lib/paths.mjs';
import { tokenOf } from '../scripts/lib/token.mjs';
import { startGateway } from '../scripts/stack/gateway.mjs';
import { installPythonSdk } from './support/python-sdk.mjs';

const run = promisify(execFile);
const [JWT_SECRET, PUBLISH_KEY] = ['a secret of the test of 32 bytes or more', 'a key of the test'];

test("a gateway takes what Python's CloudEvents SDK sends, in each of its modes", {
  timeout: 240_000,
}, async ({ skip }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'cloud-events-python-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { python, missing } = await installPythonSdk(path.join(folder, 'python'));
  if (missing) skip(missing);
  const gateway = await startGateway({
    log: path.join(folder, 'gateway.txt'),
    env: { PORT: '0', DATA_DIR: path.join(folder, 'data'), JWT_SECRET, PUBLISH_KEY },
  });
  onTestFinished(() => gateway.stop());

  const { stdout } = await run(python, [at('test/support/publish.py'), gateway.url, PUBLISH_KEY]);
  const epoch = expect.any(String);
  const single = (id, status, seq) => ({ id, status, epoch, seq, settle: 0 });
  const refused = (field) => ({ code: 'invalid', field, retryable: false, message: expect.any(String) });
  expect(JSON.parse(stdout)).toEqual([
    { status: 201, body: single('1', 'new', 1) },
    { status: 201, body: single('2', 'new', 2) },
    { status: 200, body: single('2', 'known', 2) },
    { status: 400, body: { error: refused('data.executionId') } },
    { status: 201, body: single('4', 'new', 3) },
    { status: 200, body: single('4', 'known', 3) },
    {
      status: 200,
      body: {
        epoch,
        seq: 4,
        settle: 0,
        results: [
          { id: '2', status: 'known', seq: 2 },
          { id: '3', status: 'refused', error: refused('1.data.executionId') },
          { id: '5', status: 'new', seq: 4 },
        ],
      },
    },
    { status: 201, body: single('6', 'new', 5) },
  ]);

  // What it said is what is read, letter by letter.
  const token = tokenOf(JWT_SECRET, { user: 'René', groups: [], domain: 'default' });
  const read = async () => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${gateway.url}/v1/events?room=execution:e1`, { headers })).json();
  };
  const { events } = await read();
  expect(events).toMatchObject([
    { type: 'execution:created', data: { title: 'Größe: 100 % "sicher"', participants: ['René'] } },
    {
      type: 'x:parcel',
      rooms: ['execution:e1', 'user:René "R" 100 %'],
      data: { weight: 1.5, to: 'Zürich' },
    },
    { type: 'x:last', data: [1, 2] },
    { type: 'x:no-data', data: null },
  ]);
});
