import { describe, expect, test } from 'vitest';
import { createAgent } from '../scripts/demo/agent.mjs';
import { createAnswers } from '../scripts/demo/answers.mjs';
import { createCashier } from '../scripts/demo/cashier.mjs';
import { createCortex } from '../scripts/demo/cortex.mjs';

/** A publisher, and what it was given. */
function publisherOf() {
  const said = [];
  return { said, types: () => said.map(([type]) => type), send: async (...event) => void said.push(event) };
}

const NOTHING = { executionId: 'e1', processes: [], activities: [], incidents: [], services: [], events: [] };

describe("The demo's agent", () => {
  const generate = async (serviceName) => {
    const publisher = publisherOf();
    const task = { id: 't', variables: { serviceName }, processInstanceId: 'p', businessKey: 'e1' };
    const say = Object.assign(async () => {}, { status() {} });
    const { handle } = createAgent({ publisher, workMs: 0 });
    const outcome = await handle(task, say, new AbortController().signal).catch((error) => error);
    return { outcome, publisher };
  };

  test('generates a service step by step, and suggests something on the way', async () => {
    const { outcome, publisher } = await generate('billing');
    expect(outcome).toEqual({ artifact: 'billing-1.0.0.jar' });
    const generated = publisher.said.filter(([type]) => type === 'microservice:generating');
    expect(generated.map(([, { progress }]) => progress)).toEqual([0, 25, 50, 75, 100]);
    expect(new Set(generated.map(([, { started }]) => started)).size).toBe(1);
    expect(publisher.types()).toContain('optimization:suggested');
  });

  test('fails at a service that is called so by a BPMN error, and at a name that is no text by a technical one', async () => {
    const failing = await generate('failing-ledger');
    expect(failing.outcome).toMatchObject({ code: 'generation-failed' });
    expect(failing.publisher.types().at(-1)).toBe('microservice:failed');
    const { outcome } = await generate(42);
    expect(outcome).toBeInstanceOf(Error);
    expect(outcome).not.toHaveProperty('code');
  });
});

test('The agent answers each question to it once, also one that was asked before it was there', async () => {
  const publisher = publisherOf();
  const look = createAnswers({ publisher });
  const asked = (messageId, content) => ({ type: 'message:new', data: { messageId, content } });
  const events = [
    asked('m1', '@agent what does it cost?'),
    asked('m2', 'Are you there?'),
    asked('m3', '@agent how far is it?'),
    { type: 'message:new', data: { messageId: 'a3', replyTo: 'm3', content: 'The delivery is active.' } },
  ];
  for (let i = 0; i < 3; i++) look({ ...NOTHING, events });
  await expect.poll(publisher.types).toEqual(['agent:thinking', 'message:new', 'agent:completed']);
  expect(publisher.said[1][1]).toMatchObject({ replyTo: 'm1', content: expect.stringContaining('€49.00') });
});

test('The cashier asks for the money once, and tells the process once when it has come', async () => {
  const said = [];
  const commands = [];
  const provider = { say: async (status, { paymentId }) => void said.push(`${status} ${paymentId}`) };
  const client = { command: async (name, input) => void commands.push([name, input.commandId]) };
  const look = createCashier({ client, provider, payMs: 0 });
  const activities = [{ data: { activityId: 'await-payment', processInstanceId: 'p' } }];
  look({ ...NOTHING, activities });
  look({ ...NOTHING, activities });
  await expect.poll(() => said).toEqual(['initiated delivery-p', 'succeeded delivery-p']);
  expect(commands).toEqual([]);
  const events = [{ type: 'payment:confirmed', data: { paymentId: 'delivery-p' } }];
  for (let i = 0; i < 3; i++) look({ ...NOTHING, activities, events });
  await expect.poll(() => commands).toEqual([['message:correlate', 'delivery-p']]);
  expect(said).toHaveLength(2);
});

test('Cortex says why a microservice is not deployed, and that it is, with what its deliveries have taken', async () => {
  const publisher = publisherOf();
  const look = createCortex({ publisher });
  const service = { microserviceId: 'p', processInstanceId: 'p', name: 'billing', state: 'generating' };
  const services = [{ data: service }];
  const incident = {
    incidentId: 'i',
    processInstanceId: 'p',
    activityId: 'deploy-service',
    message: 'Full.',
  };
  for (let i = 0; i < 2; i++) look({ ...NOTHING, services, incidents: [{ data: incident }] });
  await expect.poll(publisher.types).toEqual(['microservice:failed']);
  const process = {
    processInstanceId: 'p',
    state: 'completed',
    started: '2026-01-01T12:00:00Z',
    ended: '2026-01-01T12:00:12Z',
    variables: { endpoint: 'https://billing.example.com' },
  };
  for (let i = 0; i < 2; i++) look({ ...NOTHING, services, processes: [{ data: process }] });
  await expect.poll(() => publisher.types().slice(1)).toEqual(['microservice:deployed', 'pattern:learned']);
  expect(publisher.said[1][1]).toMatchObject({ url: 'https://billing.example.com' });
  expect(publisher.said[2][1].learned).toBe('12 s from the request to the deployment, over 1 of them.');
});
