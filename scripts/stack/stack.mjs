import path from 'node:path';
import { APP_DIR } from '../lib/paths.mjs';
import { freePort } from '../lib/ports.mjs';
import { step } from '../lib/step.mjs';
import { startEngine } from './engine.mjs';
import { startGateway, untilReady } from './gateway.mjs';
import { logins } from './people.mjs';
import { startPrograms } from './programs.mjs';
import { secretsIn } from './secrets.mjs';

/** The engine's account for the gateway. */
const SERVICE_USER = 'gateway';

/**
 * Starts an engine with its plugin and a gateway that serves the app, each with its data below `dir`, and the programs
 * of the demo's story where they are wanted.
 *
 * @param {{ dir: string, port?: number, enginePort?: number, gatewayEnv?: Record<string, string>, engineEnv?: Record<string, string>, engineFlags?: string[], programs?: Record<string, string> }} options
 *   `programs`: their settings
 */
export async function startStack({
  dir,
  port,
  enginePort,
  gatewayEnv = {},
  engineEnv = {},
  engineFlags,
  programs,
}) {
  const secrets = secretsIn(dir);
  // Each has to know the other's address before it starts.
  const ports = { gateway: port ?? (await freePort()), engine: enginePort ?? (await freePort()) };
  const gatewayUrl = `http://127.0.0.1:${ports.gateway}`;

  const openGateway = () =>
    startGateway({
      log: path.join(dir, 'gateway.log'),
      env: {
        PORT: String(ports.gateway),
        DATA_DIR: path.join(dir, 'gateway'),
        JWT_SECRET: secrets.jwtSecret,
        PUBLISH_KEY: secrets.publishKey,
        CAMUNDA_URL: `http://127.0.0.1:${ports.engine}/engine-rest`,
        CAMUNDA_USER: SERVICE_USER,
        CAMUNDA_PASSWORD: secrets.enginePassword,
        CLIENT_URL: `http://localhost:${ports.gateway},${gatewayUrl}`,
        APP_DIR,
        USERS: JSON.stringify(logins(secrets.demoPassword)),
        WEBHOOKS: JSON.stringify([
          { name: 'payments', scheme: 'standard', secrets: [secrets.webhookSecret] },
        ]),
        ...gatewayEnv,
      },
    });
  const openEngine = () =>
    startEngine({
      flags: engineFlags,
      log: path.join(dir, 'engine.log'),
      env: {
        PORT: String(ports.engine),
        ENGINE_DATA_DIR: path.join(dir, 'engine'),
        CAMUNDA_USER: SERVICE_USER,
        CAMUNDA_PASSWORD: secrets.enginePassword,
        DEMO_PASSWORD: secrets.demoPassword,
        GATEWAY_URL: gatewayUrl,
        PUBLISH_KEY: secrets.publishKey,
        // Where a service answers is for the screens, too.
        ...(programs && { NETBUILD_REALTIME_VARIABLES: 'serviceName,approved,endpoint' }),
        ...engineEnv,
      },
    });

  const gateway = await step('Starting the gateway', openGateway);
  const engine = await step('Starting the engine', openEngine);
  await step('Waiting until the gateway can deliver', () => untilReady(gateway));
  const openPrograms = () =>
    startPrograms({
      log: path.join(dir, 'programs.log'),
      env: {
        GATEWAY_URL: gatewayUrl,
        PUBLISH_KEY: secrets.publishKey,
        JWT_SECRET: secrets.jwtSecret,
        WEBHOOK_SECRET: secrets.webhookSecret,
        ENGINE_URL: engine.url,
        CAMUNDA_USER: SERVICE_USER,
        CAMUNDA_PASSWORD: secrets.enginePassword,
        ...programs,
      },
    });
  const helpers = programs && (await step("Starting the programs of the demo's story", openPrograms));
  return {
    gateway,
    engine,
    programs: helpers,
    secrets,
    account: { user: SERVICE_USER, password: secrets.enginePassword },
    /** Starts another gateway on the same port and data, after the first has ended. */
    openGateway,
    async stop() {
      await helpers?.stop();
      await engine.stop();
      await gateway.stop();
    },
  };
}
