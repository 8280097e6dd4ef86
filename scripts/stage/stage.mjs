import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startBrowser } from '../lib/browser.mjs';
import { buildApp } from '../lib/build.mjs';
import { APP_DIR } from '../lib/paths.mjs';
import { freePort } from '../lib/ports.mjs';
import { tokenOf } from '../lib/token.mjs';
import { layCable } from '../smoke/cable.mjs';
import { openScreen } from '../smoke/screen.mjs';
import { startGateway } from '../stack/gateway.mjs';
import { startToldEngine } from './told-engine.mjs';

const PASSWORD = 'of a test';

/** A window that is high enough for all that one of these tests has to show. */
const VIEWPORT = { width: 1280, height: 2000 };

const GROUPS = ['developers', 'leads'];

/** Who can log in; one of them sees what goes on in the whole place, too. */
const USERS = [
  { user: 'alice', password: PASSWORD, groups: GROUPS, roles: ['operations'] },
  { user: 'bob', password: PASSWORD, groups: GROUPS },
];

/**
 * One gateway that serves the app, one stand-in for its engine and one browser, where a real engine would add nothing but
 * its time: alice and bob, who are both of the developers and the leads.
 *
 * @param {{ now?: () => number, definitions?: object[], env?: Record<string, string> }} [options] `now`: the clock of
 *   what is published; `definitions`: the engine's; `env`: more settings of the gateway
 */
export async function openStage({ now, definitions, env } = {}) {
  const dir = await mkdtemp(path.join(tmpdir(), 'stage-'));
  await buildApp();
  const [jwtSecret, key] = [0, 1].map(() => randomBytes(32).toString('hex'));
  const webhookSecret = `whsec_${randomBytes(32).toString('base64')}`;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const cables = [];
  const tokens = Object.fromEntries(
    ['alice', 'bob'].map((user) => [user, tokenOf(jwtSecret, { user, domain: 'default', groups: GROUPS })]),
  );
  const post = (route, body, bearer = key, type = 'application/json') =>
    fetch(`${url}${route}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': type },
      body: JSON.stringify(body),
    });
  const engine = await startToldEngine({
    now,
    definitions,
    tell: async (command) => (await post('/v1/engine', { engine: 'default', commands: [command] })).ok,
  });
  const open = () =>
    startGateway({
      log: path.join(dir, 'gateway.log'),
      env: {
        PORT: String(port),
        DATA_DIR: path.join(dir, 'gateway'),
        JWT_SECRET: jwtSecret,
        PUBLISH_KEY: key,
        CAMUNDA_URL: engine.url,
        CAMUNDA_CAPTURE: 'plugin',
        TASK_EVENTS: 'off',
        WEBHOOKS: JSON.stringify([{ name: 'bank', scheme: 'standard', secrets: [webhookSecret] }]),
        USERS: JSON.stringify(USERS),
        APP_DIR,
        ...env,
      },
    });
  let gateway = await open();
  const browser = await startBrowser();
  let events = 0;
  let commands = 0;

  async function asked(answer) {
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }

  const stage = {
    url,
    dir,
    engine,
    browser,
    jwtSecret,
    password: PASSWORD,
    webhook: { url: `${url}/v1/webhooks/bank`, secret: webhookSecret },
    /** Publishes as any backend does. */
    async publish(type, data) {
      return (await stage.publishAll([[type, data]]))[0];
    },
    /** Publishes many at once: `[type, data]` each. */
    async publishAll(all) {
      const time = now && new Date(now()).toISOString();
      const batch = all.map(([type, data]) => {
        const id = `${++events}`;
        return { specversion: '1.0', id, source: 'stage', type, data, ...(time && { time }) };
      });
      const { results } = await asked(
        await post('/v1/events', batch, key, 'application/cloudevents-batch+json'),
      );
      const refused = results.find(({ status }) => status === 'refused');
      if (refused) throw new Error(JSON.stringify(refused.error));
      return results;
    },
    /** Somebody does something elsewhere than on these screens. */
    async command(user, type, data) {
      return asked(await post('/v1/commands', { id: `elsewhere-${++commands}`, type, data }, tokens[user]));
    },
    /** An execution of both. */
    async execution(executionId, title = `The execution ${executionId}`) {
      await stage.publish('execution:created', { executionId, title, participants: ['alice', 'bob'] });
      return executionId;
    },
    /**
     * Somebody's window, signed in.
     *
     * @param {{ via?: string, context?: object, within?: object, prepare?: (page: object) => Promise<void> }} [how]
     *   `via`: another way to the gateway; `within`: another browser
     */
    async screen(who, { via = url, context = {}, within = browser, prepare } = {}) {
      const window = await within.newContext({ viewport: VIEWPORT, ...context });
      const screen = await openScreen(window, { who, url: via, password: PASSWORD, prepare });
      return Object.assign(screen, { close: () => window.close() });
    },
    /** A network of one's own. */
    async cable(options) {
      const cable = await layCable(port, options);
      cables.push(cable);
      return { ...cable, url: `http://127.0.0.1:${cable.port}` };
    },
    /** Ends the gateway as a power cut does. */
    async kill() {
      gateway.kill('SIGKILL');
      await gateway.exited;
    },
    /** Starts one on the same data and port. */
    async restart() {
      gateway = await open();
    },
    async close() {
      await browser.close();
      for (const cable of cables) cable.stop();
      await gateway.stop();
      await engine.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
  return stage;
}
