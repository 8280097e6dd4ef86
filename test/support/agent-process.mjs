import { agent, startAgents } from '../../packages/agent/src/index.ts';

/** An agent in a process of its own, which says something and then never comes to an end. */
const { GATEWAY, KEY, ENGINE, ACCOUNT, PASSWORD, TIMING } = process.env;

startAgents({
  gateway: { url: GATEWAY, key: KEY },
  engine: { url: ENGINE, user: ACCOUNT, password: PASSWORD },
  timing: JSON.parse(TIMING),
  agents: [
    agent('summarise', async (_task, say, signal) => {
      await say('What was said so far. ');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    }),
  ],
});
