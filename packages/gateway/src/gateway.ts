import type { EngineClient } from '@netbuild/realtime-engine';
import type { Log } from '@netbuild/realtime-log';
import type { Logger } from 'pino';
import { createPolicy } from './auth/policy.ts';
import { createTokens, type Tokens } from './auth/token.ts';
import { createLogin } from './auth/users.ts';
import { createCommands } from './commands/commands.ts';
import type { Config } from './config/config.ts';
import { createDelivery, type DeliveryOptions } from './delivery/delivery.ts';
import { BACKLOG_LIMITS, type BacklogLimits } from './delivery/limits.ts';
import { createReplay } from './delivery/replay.ts';
import { createDrain } from './drain.ts';
import { addApp, addLoginRoute } from './http/app.ts';
import { watchConnections } from './http/connections.ts';
import { addEventsRoute } from './http/events.ts';
import { addPublishingRoutes } from './http/publishing.ts';
import { addReadingRoutes } from './http/reading.ts';
import { createHttpServer } from './http/server.ts';
import { impatient } from './impatient.ts';
import type { Publish } from './ingest/publish.ts';
import { createSocketServer } from './sockets/server.ts';
import { createSubscriptions } from './sockets/subscribe.ts';

/** Milliseconds that requests under way, and last words, have when the gateway stops. */
const GRACE = 5000;

/** Milliseconds that the log has to answer a reading; Redis gives up before, by its own limits. */
const ANSWER_WITHIN = 10_000;

/** What a gateway stands on; whoever starts it chooses. */
export interface GatewayParts {
  config: Config;
  log: Log;
  publish: Publish;
  /** The engine that commands go to, if there is one. */
  engine: EngineClient | undefined;
  logger: Logger;
  /** Intervals and limits that are not for operators; tests are quicker than users. */
  delivery?: DeliveryOptions;
  backlog?: BacklogLimits;
  answerWithin?: number;
}

/** A gateway that runs. */
export interface Gateway {
  /** Where it listens, `http://127.0.0.1:3000`. */
  url: string;
  tokens: Tokens;
  /** Sends everybody away at the set pace, with a word on when to come back, and stops. The log stays open: it is the caller's. */
  close(): Promise<void>;
}

/**
 * Puts a gateway together and listens.
 *
 * @example
 * const log = await openSqliteLog({ directory: './data' });
 * const gateway = await startGateway({ config: readConfig(process.env), log, publish: createPublish(log), engine: undefined, logger: pino() });
 */
export async function startGateway(parts: GatewayParts): Promise<Gateway> {
  const { config, publish, engine, logger, backlog = BACKLOG_LIMITS } = parts;
  const log = impatient(parts.log, parts.answerWithin ?? ANSWER_WITHIN);
  const tokens = createTokens(config.JWT_SECRET);
  const policy = createPolicy(log);
  const delivery = createDelivery(log, config.DEFAULT_DOMAIN, parts.delivery);
  const drain = createDrain(config.DRAIN_PER_SECOND);
  const replay = createReplay(log);
  const subscriptions = createSubscriptions({ log, policy, replay, delivery });
  const execute = createCommands({ log, publish, policy, delivery, engine }, logger);
  const server = createHttpServer(logger, drain);
  const connections = watchConnections(server.server);
  const reading = { log, tokens, policy, delivery, subscriptions, defaultDomain: config.DEFAULT_DOMAIN };
  addReadingRoutes(server, reading);
  addEventsRoute(server, { log, tokens, policy, delivery, replay, drain, backlog, logger });
  addPublishingRoutes(server, {
    publish,
    delivery,
    publishKey: config.PUBLISH_KEY,
    defaultDomain: config.DEFAULT_DOMAIN,
    logger,
  });
  if (config.USERS.length > 0)
    addLoginRoute(server, createLogin(config.USERS, tokens, config.DEFAULT_DOMAIN));
  if (config.APP_DIR !== undefined) await addApp(server, config.APP_DIR);

  const session = { delivery, policy, execute, subscriptions, drain, backlog, logger };
  const sockets = createSocketServer({
    http: server.server,
    tokens,
    origins: config.CLIENT_URL,
    instance: config.INSTANCE_ID,
    ...session,
  });
  // Fastify waits for open connections, and sockets and streams do not end by themselves.
  server.addHook('preClose', async () => {
    // The port stays open so long: who polls needs it to hear the last word. Nobody new is let in.
    await drain.run();
    await Promise.all([sockets.close(), connections.end(GRACE)]);
  });
  const url = await server.listen({ host: config.HOST, port: config.PORT });
  return {
    url,
    tokens,
    async close() {
      await server.close();
      delivery.close();
    },
  };
}
