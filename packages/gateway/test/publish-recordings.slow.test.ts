import { readdirSync, readFileSync } from 'node:fs';
import { mapCommand } from '@netbuild/realtime-engine';
import type { EngineCommand, Fact, Room } from '@netbuild/realtime-protocol';
import { describe, expect, test } from 'vitest';
import { createPublish } from '../src/ingest/publish.ts';
import { DOMAIN, events, type Logged, open, openLog } from './support/log.ts';

const FOLDER = new URL('../../engine/test/recordings/', import.meta.url);
const names = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace('.json', ''))
  .sort();

/** The facts of a recording, by the engine's command. */
function factsOf(name: string): Fact[][] {
  const { posts } = JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as {
    posts: { commands: EngineCommand[] }[];
  };
  return posts.flatMap(({ commands }) =>
    commands.map((command) => mapCommand('default', command).facts.map(({ fact }) => fact)),
  );
}

async function replay(...names: string[]) {
  const log = await openLog();
  const publish = createPublish(log);
  for (const facts of names.flatMap(factsOf)) {
    const { results } = await publish(DOMAIN, facts);
    expect(results.map(({ status }) => status)).toEqual(facts.map(() => 'new'));
  }
  return { log, publish, all: await events(log) };
}

/** Every room that an event names. */
const roomsOf = (all: Logged[]) => [...new Set(all.flatMap(({ rooms, left }) => [...rooms, ...left]))];

/** What each subject came to. */
const rowsOf = (all: Logged[]) => new Map(all.map(({ subject, type, data }) => [subject, { type, data }]));

describe.each(names)('the recording %s', (name) => {
  test('leaves open what is open, each row the newest event of its subject, and nobody keeps what is gone', async () => {
    const { log, all } = await replay(name);
    const newest = new Map(all.map((event) => [event.subject!, event]));
    const expected = [...newest.values()].filter(({ ended }) => !ended).map(({ subject }) => subject!);
    expect(await open(log, ...roomsOf(all))).toEqual(expected.sort());
    expect(expected.every((subject) => subject.startsWith('execution/'))).toBe(true);
    const rows = await log.rows(DOMAIN, [...newest.keys()]);
    for (const { subject, seq } of rows) expect(seq, subject).toBe(newest.get(subject)!.seq);

    const seen = new Map<string, Set<string>>();
    for (const { subject, rooms, left, ended } of all) {
      const before = seen.get(subject!) ?? new Set();
      expect(new Set([...rooms, ...left]).isSupersetOf(before), `${subject} leaves unsaid`).toBe(true);
      seen.set(subject!, new Set(ended ? [] : rooms));
    }
  });

  test('adds nothing when it comes again, at once or a command at a time', async () => {
    const { log, publish, all } = await replay(name);
    const commands = factsOf(name);
    for (const facts of [...commands, commands.flat()]) {
      const { results, seq } = await publish(DOMAIN, facts);
      expect(results.map(({ status }) => status)).toEqual(facts.map(() => 'known'));
      expect(seq).toBe(all.length);
    }
    expect(await events(log)).toEqual(all);
  });

  test('comes to the same when all of it comes at once', async () => {
    const { log, publish, all } = await replay(name);
    await publish('another', factsOf(name).flat());
    const atOnce = await events(log, 'another');
    expect(rowsOf(atOnce)).toEqual(rowsOf(all));
    // What has ended by the time that a link is followed stays as it is.
    if (!name.endsWith('late-link')) expect(atOnce).toEqual(all);
  });
});

test('on the happy path a task goes from hand to hand, and each hand is told', async () => {
  const { all } = await replay('happy-path');
  const people = (rooms: string[]) => rooms.filter((room) => /^(user|group):/.test(room)).join(' ');
  const tasks = all.filter(({ subject }) => subject?.startsWith('task/'));
  expect(tasks.map(({ type, rooms, left }) => `${type}: ${people(rooms)} | ${people(left)}`)).toEqual([
    'task:created: group:developers | ',
    'task:assigned: user:alice group:developers | ',
    'task:assigned: user:bob group:developers | user:alice',
    'task:completed: user:bob group:developers | ',
    'task:created: group:leads | ',
    'task:assigned: user:bob group:leads | ',
    'task:unassigned: group:leads | user:bob',
    'task:assigned: user:bob group:leads | ',
    'task:completed: user:bob group:leads | ',
  ]);
  const places = tasks[0]!.rooms.map((room) => room.replace(/[0-9a-f]{8}-[\w-]{27}/, '<id>'));
  expect(places).toEqual([
    'process:<id>',
    'execution:execution-billing',
    'definition:microservice-delivery',
    'group:developers',
  ]);
});

test('on the happy path the starter makes the execution, and who completes takes part', async () => {
  const { log, all } = await replay('happy-path');
  const execution = all.filter(({ subject }) => subject === 'execution/execution-billing');
  expect(
    execution.map(({ type, data }) => [type, (data as { participants: string[] }).participants]),
  ).toEqual([
    ['execution:created', ['alice']],
    ['execution:updated', ['alice', 'bob']],
  ]);
  expect(await open(log, 'user:alice', 'user:bob')).toEqual(['execution/execution-billing']);
});

test('half of the error path leaves open what waits: the task, its activity, its instance', async () => {
  const log = await openLog();
  const publish = createPublish(log);
  for (const facts of factsOf('error-path').slice(0, 4)) await publish(DOMAIN, facts);
  const kinds = async (...rooms: Room[]) =>
    (await open(log, ...rooms)).map((subject) =>
      subject
        .split(/[/:]/)
        .slice(0, subject.startsWith('activity') ? 2 : 1)
        .join(' '),
    );
  expect(await kinds('definition:microservice-delivery')).toEqual([
    'activity repair-code',
    'process',
    'task',
  ]);
  expect(await kinds('user:alice')).toEqual(['execution', 'process', 'task']);
  expect(await kinds('group:developers')).toEqual(['task']);
});

test('an incident is open in its instance until it is resolved', async () => {
  const log = await openLog();
  const publish = createPublish(log);
  const commands = factsOf('failed-job');
  const incidents = async () =>
    (await open(log, 'execution:execution-undeployable-search')).filter((name) =>
      name.startsWith('incident'),
    );
  const resolved = commands.findIndex((facts) => facts.some(({ type }) => type === 'process:error-resolved'));
  for (const facts of commands.slice(0, resolved)) await publish(DOMAIN, facts);
  expect(await incidents()).toHaveLength(1);
  await publish(DOMAIN, commands[resolved]!);
  expect(await incidents()).toEqual([]);
});

test('what called instances do is seen at their root, and in its execution', async () => {
  const { all } = await replay('called-instances');
  const root = all.find(({ type }) => type === 'process:started')!.subject!.replace('process/', '');
  for (const { subject, rooms } of all) {
    expect(rooms).toContain('execution:execution-checked-twice');
    if (!subject!.startsWith('execution')) expect(rooms).toContain(`process:${root}`);
  }
});

test("all recordings one after the other do not get in each other's way", async () => {
  const { log, all } = await replay(...names);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(all.map(({ seq }) => seq)).toEqual(all.map((_event, n) => n + 1));
  expect((await open(log, ...roomsOf(all))).every((subject) => subject.startsWith('execution/'))).toBe(true);
});

test('a migrated instance, its activity and its task are of the new version, at once', async () => {
  const { all } = await replay('migration');
  const moved = all.filter(({ id }) => id.includes('/migrated/') || /task.*updated/.test(id)).slice(-3);
  expect(
    moved.map(({ type, data }) => [type, (data as { processDefinitionName: string }).processDefinitionName]),
  ).toEqual([
    ['process:updated', 'Moving, second'],
    ['activity:updated', 'Moving, second'],
    ['task:updated', 'Moving, second'],
  ]);
});

test('variables that the engine names are on the rows of their instance and their task', async () => {
  const { all } = await replay('variables');
  const last = (type: string) =>
    all
      .filter((event) => event.type === type)
      .map(({ data }) => data as { variables?: object; omittedVariables?: string[] });
  expect(last('process:updated').map(({ variables }) => variables)).toEqual([
    { amount: 3, customer: 'ACME & "Söhne" 😀', due: '2030-01-02T03:04:05.678Z', nothing: null, paid: false },
    { amount: 4, due: '2030-01-02T03:04:05.678Z', nothing: null, paid: true },
    { amount: 4, customer: 'Globex', due: '2030-01-02T03:04:05.678Z', nothing: null, paid: true, price: 9.5 },
  ]);
  expect(last('process:completed')[0]).toMatchObject({
    variables: { customer: 'Globex' },
    omittedVariables: ['order'],
  });
  expect(last('task:completed').map(({ variables }) => variables)).toEqual([{ checked: false }, undefined]);
  expect(JSON.stringify(all)).not.toContain('not for screens');
});

test('an incident says what is to be retried; one that is passed on, whose it is', async () => {
  const { all } = await replay('called-incident');
  const [root, passed] = all.filter(({ type }) => type === 'process:error');
  const [own, other] = [root, passed].map((event) => event!.data as Record<string, string>);
  expect(own).toMatchObject({
    jobId: expect.any(String),
    activityId: 'set-price',
    message: expect.stringContaining('price'),
  });
  expect(`incident/${other!.rootCauseIncidentId}`).toBe(root!.subject);
  expect(other).not.toHaveProperty('jobId');
  expect(own!.rootProcessInstanceId).toBe(other!.processInstanceId);
});
