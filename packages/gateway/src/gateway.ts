import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { createRest, type EngineClient } from '@netbuild/realtime-engine';
import type { Log } from '@netbuild/realtime-log';
import { type DeadLetterData, RealtimeError } from '@netbuild/realtime-protocol';
import type { Logger } from 'pino';
import { createDeltas } from './agents/deltas.ts';
import { watchSilence } from './agents/silence.ts';
import type { Archive } from './archive/archive.ts';
import { createAskEngine } from './auth/ask-engine.ts';
import type { JwksOptions } from './auth/jwks.ts';
import { loadPolicy, type OwnPolicy } from './auth/own-policy.ts';
import { createPolicy } from './auth/policy.ts';
import { createPublishers } from './auth/publishers.ts';
import { createRevocations, issuedByNow } from './auth/revocations.ts';
import { createTokens, type Tokens } from './auth/token.ts';
import { createLogin } from './auth/users.ts';
import { createWebhooks } from './auth/webhooks.ts';
import type { CaptureTiming } from './capture/capture.ts';
import { createCaptures } from './capture/captures.ts';
import { followSources } from './capture/mongodb/sources.ts';
import { createCommands } from './commands/commands.ts';
import type { CommandLimits } from './commands/limits.ts';
import type { Config } from './config/config.ts';
import { type EngineSettings, enginesOf, PLAIN_ENGINE } from './config/engines.ts';
import type { Database } from './database.ts';
import { createDelivery, type DeliveryOptions } from './delivery/delivery.ts';
import type { BacklogLimits } from './delivery/limits.ts';
import { createReplay } from './delivery/replay.ts';
import { createTail } from './delivery/tail.ts';
import { depthErrorOf } from './depth.ts';
import { createDrain } from './drain.ts';
import { createForms } from './forms/forms.ts';
import { addApp, addLoginRoutes, type LoginWays } from './http/app.ts';
import { addCommandRoute } from './http/commands.ts';
import { watchConnections } from './http/connections.ts';
import { addDeadLetterRoutes } from './http/dead-letters.ts';
import { addDiagramRoutes } from './http/diagrams.ts';
import { addEventsRoute } from './http/events.ts';
import { addFormRoutes } from './http/forms.ts';
import { addMeRoute } from './http/me.ts';
import { createOrigins } from './http/origins.ts';
import { addPublishingRoutes } from './http/publishing.ts';
import { addReadingRoutes } from './http/reading.ts';
import { addRevocationRoutes } from './http/revocations.ts';
import { createHttpServer } from './http/server.ts';
import { addSubscriptionRoutes } from './http/subscriptions.ts';
import { addUnreadRoute } from './http/unread.ts';
import { addWebhookRoute } from './http/webhooks.ts';
import { impatient } from './impatient.ts';
import { createDeadLetters } from './ingest/dead-letters.ts';
import { createIntake } from './ingest/intake.ts';
import type { Publish } from './ingest/publish.ts';
import { createRelayed } from './ingest/relayed.ts';
import { webhookEvent, webhookFact } from './ingest/webhooks/mapping.ts';
import { instanceOf } from './instance.ts';
import { createLease } from './lease.ts';
import { createEntrance } from './limits/entrance.ts';
import { addHttpLimits } from './limits/http.ts';
import { type Limits, limitsOf } from './limits/limits.ts';
import { createPace } from './limits/pace.ts';
import { paced } from './limits/paced.ts';
import { createProxies } from './limits/proxies.ts';
import { createAudit } from './ops/audit.ts';
import { createFigures } from './ops/figures.ts';
import { addHealthRoutes } from './ops/health.ts';
import { createHeartbeat } from './ops/heartbeat.ts';
import { watchLoopDelay } from './ops/loop-delay.ts';
import { addMetricsRoute } from './ops/metrics.ts';
import { createOutbound, type OutboundTiming } from './outbound/outbound.ts';
import { OWN_DOMAIN } from './own-domain.ts';
import { createPresence } from './presence/presence.ts';
import { PRESENCE_TIMING, type PresenceTiming } from './presence/timing.ts';
import { createKeeper } from './retention/keeper.ts';
import { inMilliseconds, retentionOf } from './retention/retention.ts';
import { createAdmission } from './sockets/admission.ts';
import { createSocketServer } from './sockets/server.ts';
import { createSubscriptions } from './sockets/subscribe.ts';

/**
 * Connections that may wait to be accepted. Beyond Node's 511 the kernel drops what thousands say who come back at
 * once, and each of them waits for its own retransmission, up to the whole of its patience.
 */
const LINE = 4096;

/** Milliseconds that requests under way, and last words, have when the gateway stops. */
const GRACE = 5000;

/** Milliseconds that the log has to answer a reading; Redis gives up before, by its own limits. */
const ANSWER_WITHIN = 10_000;

/** Milliseconds between renewals of the subscriptions' lease: after three times as many another node delivers. */
const LEASE_EVERY = 3000;

/** What a gateway stands on; whoever starts it chooses. */
export interface GatewayParts {
  config: Config;
  log: Log;
  publish: Publish;
  /** The engine of a name that commands go to, or the one that is meant where none is named; none: there is no such engine. */
  engineOf: (name?: string) => EngineClient | undefined;
  logger: Logger;
  /** NetBuild's database, if there is one. */
  database?: Database | undefined;
  /** Where messages are kept for good beside the log, which is then the archive's. */
  archive?: Archive | undefined;
  /** A server of one's own, whose other paths are left alone; whoever has it lets it listen. Left out: one at HOST and PORT. */
  server?: Server;
  /** A policy of one's own. Left out: the one of the setting POLICY, if there is one. */
  policy?: OwnPolicy | undefined;
  /** Intervals and limits that are not for operators; tests are quicker than users. */
  delivery?: DeliveryOptions;
  presence?: PresenceTiming;
  backlog?: BacklogLimits;
  answerWithin?: number;
  trimEvery?: number;
  capture?: Partial<CaptureTiming>;
  outbound?: Partial<OutboundTiming & { leaseEvery: number }>;
  jwks?: JwksOptions;
  commandLimits?: Partial<CommandLimits>;
  /** Milliseconds between two looks for agents that have fallen silent. */
  silenceEvery?: number;
  /** Milliseconds of the clock by which they are; nobody sets it. Default: `performance.now`. */
  silenceClock?: () => number;
}

/** A gateway that runs. */
export interface Gateway {
  /** Where it listens, `http://127.0.0.1:3000`; empty on a server of one's own. */
  url: string;
  tokens: Tokens;
  /** Looks after an engine that is not among the settings, as it does after those; it ends with the gateway. */
  capture(engine: EngineSettings): void;
  /** Sends everybody away at the set pace, with a word on when to come back, and stops. The log stays open: it is the caller's. */
  close(): Promise<void>;
}

/**
 * Puts a gateway together and listens.
 *
 * @example
 * const log = await openSqliteLog({ directory: './data' });
 * const gateway = await startGateway({ config: readConfig(process.env), log, publish: createPublish(log), engineOf: () => undefined, logger: pino() });
 */
export async function startGateway(parts: GatewayParts): Promise<Gateway> {
  const { config, engineOf, logger } = parts;
  const limits = limitsOf(config);
  const { backlog = limits.backlog } = parts;
  const proxies = createProxies(config.TRUSTED_PROXIES);
  const entrance = createEntrance(limits);
  const isAllowedOrigin = createOrigins(config.CLIENT_URL, proxies);
  const audit = createAudit(config.AUDIT === 'on' ? logger : undefined);
  const figures = createFigures(
    instanceOf(config),
    config.SUBSCRIPTIONS.map(({ name }) => name),
  );
  const publish = figures.publishing(parts.publish);
  const log = impatient(parts.log, parts.answerWithin ?? ANSWER_WITHIN);
  const own = parts.policy ?? (config.POLICY === undefined ? undefined : await loadPolicy(config.POLICY));
  const engines = enginesOf(config);
  const askEngine =
    config.ASK_ENGINE === 0
      ? undefined
      : createAskEngine({
          log,
          engines: engines.map((engine) => createRest(engine)),
          holds: config.ASK_ENGINE * 1000,
          places: createAdmission(config.ENGINE_CONCURRENCY),
        });
  const policy = createPolicy(log, {
    roles: config.ROLES,
    own,
    askEngine,
    editFor: config.MESSAGE_EDIT_MINUTES * 60_000,
  });
  const delivery = createDelivery(
    log,
    config.DEFAULT_DOMAIN,
    parts.delivery,
    figures.delivered,
    config.PRESENCE === 'on'
      ? (domain, tell) => createPresence(log, domain, tell, parts.presence ?? PRESENCE_TIMING)
      : undefined,
  );
  const maxLife = config.TOKEN_MAX_DAYS && config.TOKEN_MAX_DAYS * 86_400;
  const revocations = createRevocations({
    log,
    publish,
    maxLife,
    tail: (hear, rewound) => createTail(log, OWN_DOMAIN, hear, { every: parts.delivery?.lookEvery, rewound }),
  });
  const tokens = createTokens({
    secret: config.JWT_SECRET,
    issuers: config.ISSUERS,
    maxLife,
    revocations,
    jwks: {
      onFailure: (err) => logger.warn({ err }, 'the keys of an issuer could not be had'),
      ...parts.jwks,
    },
  });
  const drain = createDrain(config.DRAIN_PER_SECOND);
  const replay = createReplay(log);
  const subscriptions = createSubscriptions({
    log,
    policy,
    replay,
    delivery,
    mostRooms: limits.rooms,
    onOutcome: figures.subscribed,
  });
  const forms = createForms();
  const formTools = { check: forms.check, values: config.FORM_VALUES ?? {} };
  const limited = parts.commandLimits;
  const commandTools = { log, publish, policy, delivery, engineOf, forms: formTools, limits: limited };
  const commands = createCommands(commandTools, logger, audit);
  const { execute } = commands;
  const { silenceEvery: every, silenceClock: clock } = parts;
  const silence = watchSilence({ log, publish, every, clock, logger });
  const ways = { limits, proxies, isAllowedOrigin, audit };
  const server = createHttpServer({ logger, drain, ...ways, own: parts.server });
  addHttpLimits(server, limits, proxies);
  const connections = watchConnections(server.server);
  const onClose = figures.closed;
  addMeRoute(server, tokens);
  addReadingRoutes(server, { tokens, policy, delivery, subscriptions });
  addUnreadRoute(server, { log, tokens, policy });
  const atPace = paced(execute, { limits, entrance, audit });
  addCommandRoute(server, { tokens, execute: atPace, bodyBytes: limits.packetBytes });
  // Without settings the one that is meant may be there all the same: whoever starts a gateway chooses.
  const listed = engines.length > 0 ? engines : [{ name: PLAIN_ENGINE }];
  addDiagramRoutes(server, {
    log,
    tokens,
    policy,
    engineOf,
    engines: listed.map(({ name }) => (name === PLAIN_ENGINE ? undefined : name)),
  });
  addFormRoutes(server, { log, tokens, policy, forms, engineOf, execute: atPace });
  const streams = addEventsRoute(server, {
    log,
    tokens,
    revocations,
    policy,
    delivery,
    replay,
    drain,
    entrance,
    proxies,
    backlog,
    logger,
    onClose,
  });
  const captures = createCaptures({
    log,
    publish,
    logger,
    home: config.DEFAULT_DOMAIN,
    instance: instanceOf(config),
    load: { concurrent: config.ENGINE_CONCURRENCY, perSecond: config.ENGINE_REQUESTS_PER_SECOND },
    timing: {
      lookEvery: config.POLL_INTERVAL_MS,
      sweepEvery: config.SWEEP_INTERVAL_MS,
      overlap: config.OVERLAP_MS,
      silence: config.RELAY_SILENCE_MS,
      ...parts.capture,
    },
    onCorrected: figures.corrected,
  });
  const domain = config.DEFAULT_DOMAIN;
  const { PUBLISH_KEY: publishKey, PUBLISHERS } = config;
  const publishers = createPublishers({ publishKey, publishers: PUBLISHERS, tokens });
  const { keptAside: onKept, pushedOut: onPushedOut } = figures;
  const deadLetters = createDeadLetters({ log, publish, domain, logger, onKept, onPushedOut });
  const { database } = parts;
  const mongodb =
    database &&
    followSources({
      sources: config.MONGODB_SOURCES,
      database,
      log,
      publish,
      deadLetters,
      logger,
      home: domain,
      instance: instanceOf(config),
      keepKeys: inMilliseconds(config.KEEP_KEYS_DAYS),
      unfit: (data) => unfitOf(data, limits),
      timing: { leaseEvery: parts.capture?.leaseEvery, retryAfter: parts.capture?.retryAfter },
      onReading: figures.reading,
    });
  const engineDomains = new Map(engines.map(({ name, domain }) => [name, domain]));
  const relayed = createRelayed({ log, publish, deadLetters, defaultDomain: domain, engineDomains, logger });
  // Their rooms do not hear of it, so whoever is in one goes on hearing what the erased rows had let them in to.
  const onErased = (from: string, user: string) =>
    revocations.revoke({ domain: from, user, before: issuedByNow() });
  addPublishingRoutes(server, {
    intake: createIntake({ publish, onErased }),
    relayed,
    delivery,
    publishers,
    batchEvents: limits.http.batchEvents,
    depth: limits.depth,
    engineBodyBytes: limits.http.engineBodyBytes,
    defaultDomain: domain,
    relays: captures.relays,
    onRelayed: figures.relayed,
    onBacklog: figures.backlog,
    sayDelta: createDeltas({ log, delivery }),
  });
  addWebhookRoute(server, {
    webhooks: createWebhooks(config.WEBHOOKS, domain),
    event: webhookEvent,
    factOf: webhookFact,
    publish,
    bodyBytes: limits.http.bodyBytes,
    depth: limits.depth,
  });
  const { operatorsOnly } = publishers;
  const { leaseEvery = LEASE_EVERY, ...outboundTiming } = parts.outbound ?? {};
  const outbound = await createOutbound({
    subscriptions: config.SUBSCRIPTIONS,
    log,
    publish,
    deadLetters,
    defaultDomain: domain,
    instance: instanceOf(config),
    leaseOf: (name, holder) => createLease(name, { log, publish, holder, every: leaseEvery }),
    onAttempt: figures.attempted,
    logger,
    timing: outboundTiming,
  });
  const again = (letter: DeadLetterData) => {
    const { engine } = letter;
    if (engine === undefined) return outbound.resend(letter);
    return mongodb?.isOf(letter) ? mongodb.replay(letter) : relayed.replay({ ...letter, engine });
  };
  addDeadLetterRoutes(server, { deadLetters, replay: again, onRequest: operatorsOnly });
  addSubscriptionRoutes(server, { outbound, onRequest: operatorsOnly, audit });
  addRevocationRoutes(server, { revocations, onRequest: operatorsOnly, defaultDomain: domain, audit });
  const logins = loginWaysOf(config);
  addLoginRoutes(server, logins, createLogin(config.USERS, tokens, config.DEFAULT_DOMAIN));
  if (config.APP_DIR !== undefined) await addApp(server, config.APP_DIR, logins);

  const session = {
    tokens,
    revocations,
    delivery,
    policy,
    execute,
    subscriptions,
    drain,
    backlog,
    logger,
    onClose,
    limits,
    newPace: () => createPace(limits),
    entrance,
    audit,
  };
  const sockets = createSocketServer({
    http: server.server,
    isAllowedOrigin,
    proxies,
    instance: config.INSTANCE_ID,
    ...session,
  });
  const heartbeat = createHeartbeat(log, delivery);
  const loopDelay = watchLoopDelay();
  figures.watch({
    delivery,
    heartbeat,
    loopDelay,
    outbound,
    archive: parts.archive,
    *connections() {
      yield* sockets.connections();
      for (let i = 0; i < streams.count; i++) yield { kind: 'stream', transport: 'sse' };
    },
  });
  addHealthRoutes(server, heartbeat);
  addMetricsRoute(server, figures, config.METRICS_KEY);
  // Fastify waits for open connections, and sockets and streams do not end by themselves.
  server.addHook('preClose', async () => {
    // The port stays open so long: who polls needs it to hear the last word. Nobody new is let in.
    await drain.run();
    await Promise.all([sockets.close(), connections.end(GRACE)]);
  });
  const trimEvery = parts.trimEvery === undefined ? {} : { every: parts.trimEvery };
  const keeper = createKeeper({ log, retention: retentionOf(config), logger, ...trimEvery });
  const url = parts.server
    ? await server.ready().then(() => undefined)
    : await server.listen({ host: config.HOST, port: config.PORT, backlog: LINE });
  for (const engine of engines) captures.add(engine);
  const archiving = new AbortController();
  const holder = `${instanceOf(config)}/${randomUUID()}`;
  const newLease = (every: number) => createLease('archive', { log, publish, holder, every });
  const archived = parts.archive?.run(newLease, archiving.signal);
  return {
    url: url ?? '',
    tokens,
    capture: captures.add,
    async close() {
      // First, so that another node may go on at once.
      archiving.abort();
      await Promise.all([captures.close(), outbound.close(), mongodb?.close(), archived]);
      await server.close();
      await Promise.all([keeper.close(), commands.close(), silence.close()]);
      revocations.close();
      delivery.close();
      loopDelay.close();
    },
  };
}

/** Why nothing that large, or nested that deep, is taken from anywhere. */
function unfitOf(data: unknown, { depth, http }: Limits): RealtimeError | undefined {
  const isLarge = Buffer.byteLength(JSON.stringify(data)) > http.bodyBytes;
  return isLarge ? new RealtimeError('too_large') : depthErrorOf(data, depth);
}

function loginWaysOf(config: Config): LoginWays {
  const { LOGIN_ISSUER: issuer, LOGIN_CLIENT_ID: clientId, LOGIN_SCOPE: scope, LOGIN_RESOURCE } = config;
  return {
    password: config.USERS.length > 0,
    ...(issuer !== undefined &&
      clientId !== undefined && {
        openid: { issuer, clientId, scope, ...(LOGIN_RESOURCE && { resource: LOGIN_RESOURCE }) },
      }),
  };
}
