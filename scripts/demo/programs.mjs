import { startAgents } from '@netbuild/realtime-agent';
import { createClient } from '@netbuild/realtime-client';
import { createPublisher } from '@netbuild/realtime-publisher';
import { tokenOf } from '../lib/token.mjs';
import { createAgent } from './agent.mjs';
import { createAnswers } from './answers.mjs';
import { createCashier } from './cashier.mjs';
import { createCortex } from './cortex.mjs';
import { followExecutions } from './executions.mjs';
import { createProvider } from './provider.mjs';

/** The programs of the demo's story, in one process. None of them thinks; each says in its file what it plays. */
const {
  GATEWAY_URL: url,
  PUBLISH_KEY: key,
  JWT_SECRET,
  WEBHOOK_SECRET,
  ENGINE_URL,
  CAMUNDA_USER: user,
  CAMUNDA_PASSWORD: password,
  AGENT_WORK_MS = '3000',
  PAY_MS = '1000',
} = process.env;

const publisher = createPublisher({ url, key, source: 'demo' });
const agents = startAgents({
  gateway: { url, key },
  engine: { url: ENGINE_URL, user, password },
  agents: [createAgent({ publisher, workMs: Number(AGENT_WORK_MS) })],
});

// A service of the tenant: its token names what it takes part in.
const rooms = ['definition:*', 'process:*', 'execution:*'];
const client = createClient({
  url,
  getToken: () => tokenOf(JWT_SECRET, { user: 'delivery-agent', domain: 'default', groups: [], rooms }),
});
const provider = createProvider({ url: `${url}/v1/webhooks/payments`, secret: WEBHOOK_SECRET });
const looks = [
  createAnswers({ publisher }),
  createCashier({ client, provider, payMs: Number(PAY_MS) }),
  createCortex({ publisher }),
];
followExecutions(client, (execution) => {
  for (const look of looks) look(execution);
});
client.connect();

process.once('SIGTERM', async () => {
  client.disconnect();
  await agents.close(0);
  await publisher.close();
  process.exit();
});
console.log(`programs at work for ${url}`);
