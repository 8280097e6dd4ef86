import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import type { EngineClient } from '@netbuild/realtime-engine';
import { type Room, room } from '@netbuild/realtime-protocol';
import { type Logger, pino } from 'pino';
import type { OwnPolicy } from './auth/own-policy.ts';
import { archiveOf, openLog, reachDatabase } from './choose.ts';
import { type Config, readConfig } from './config/config.ts';
import { type EngineSettings, PLAIN_ENGINE } from './config/engines.ts';
import type { Database } from './database.ts';
import { deferredLog } from './deferred-log.ts';
import { type Gateway, type GatewayParts, startGateway } from './gateway.ts';
import { createPublish, type Publish } from './ingest/publish.ts';
import { instanceOf } from './instance.ts';
import { inMilliseconds } from './retention/retention.ts';

/** What may be set beside the environment. */
export interface WebSocketGatewayOptions {
  /** The settings, by the names of the reference. Default: the process's environment. */
  environment?: Record<string, string | undefined>;
  /** Default: JSON lines on standard error, from LOG_LEVEL on. */
  logger?: Logger;
  /** Who may enter which room and send which command, beside or instead of what is built in. Default: the module of POLICY. */
  policy?: OwnPolicy;
}

/** Where an event can be read. */
export interface Broadcast {
  epoch: string;
  seq: number;
}

/** Something that ends with the gateway. */
interface Ending {
  close(): Promise<void>;
}

/**
 * A gateway on an HTTP server of one's own: sockets, and the HTTP routes under `/v1/` with `/live`, `/ready`,
 * `/metrics` and `/login`; every other path stays the server's. It is configured by the environment (`JWT_SECRET`,
 * `DATA_DIR` or `REDIS_URL`, …), but for `HOST`, `PORT` and `APP_DIR`, which are the server's affair.
 *
 * What it broadcasts goes into the log first, as a custom event `x:<event>` with that one room: it has a position,
 * and is there for whoever resumes. Plain clients hear it under its bare name.
 *
 * @fires ready once the log is open
 * @fires error if it can not be opened
 * @example
 * const gateway = new WebSocketGateway(httpServer);
 * gateway.broadcastToExecution('e1', 'deployment:progress', { percent: 40 });
 */
export class WebSocketGateway extends EventEmitter<{ ready: []; error: [Error] }> {
  readonly config: Config;
  readonly logger: Logger;
  readonly publish: Publish;
  readonly #log: ReturnType<typeof openLog>;
  readonly #database: Database | undefined;
  readonly #gateway: Promise<Gateway>;
  readonly #engines = new Map<string, EngineClient>();
  readonly #endings: Ending[] = [];

  constructor(
    httpServer: Server,
    { environment = process.env, logger, policy }: WebSocketGatewayOptions = {},
  ) {
    super();
    this.config = readConfig({ ...environment, APP_DIR: undefined });
    const base = { instance: instanceOf(this.config) };
    this.logger =
      logger ?? pino({ level: this.config.LOG_LEVEL, base }, pino.destination({ dest: 2, sync: true }));
    this.#log = openLog(this.config);
    this.#database = reachDatabase(this.config);
    const bare: GatewayParts['log'] = deferredLog(this.#log);
    const archive = archiveOf(this.config, bare, this.#database, this.logger);
    const log = archive?.log ?? bare;
    this.publish = createPublish(log, { keepKeys: inMilliseconds(this.config.KEEP_KEYS_DAYS), archive });
    // At once, so that nobody who connects meanwhile finds a server without sockets.
    this.#gateway = startGateway({
      config: this.config,
      log,
      publish: this.publish,
      engineOf: (name = PLAIN_ENGINE) => this.#engines.get(name),
      logger: this.logger,
      database: this.#database,
      archive,
      server: httpServer,
      policy,
    });
    Promise.all([this.#log, this.#gateway])
      .then(() => this.emit('ready'))
      .catch((error: Error) => this.emit('error', error));
  }

  /** To all who are in the room of an execution. Resolves when it is durable. */
  broadcastToExecution(executionId: string, event: string, data: unknown): Promise<Broadcast> {
    return this.#broadcast(this.config.DEFAULT_DOMAIN, room('execution', executionId), event, data);
  }

  /** To all who are in the room of a process instance. */
  broadcastToProcess(processInstanceId: string, event: string, data: unknown): Promise<Broadcast> {
    return this.#broadcast(this.config.DEFAULT_DOMAIN, room('process', processInstanceId), event, data);
  }

  /** To everybody in a domain. */
  broadcastToDomain(domainId: string, event: string, data: unknown): Promise<Broadcast> {
    return this.#broadcast(domainId, room('domain', domainId), event, data);
  }

  /** Has the commands of sockets go to an engine, and what happens in it come into the log. */
  useEngine(settings: EngineSettings, engine: EngineClient): void {
    this.#engines.set(settings.name, engine);
    // A gateway that has not come to be has said so itself.
    this.#gateway.then((gateway) => gateway.capture(settings)).catch(() => undefined);
  }

  /** Ends with the gateway, before the log is closed. */
  endWith(ending: Ending): void {
    this.#endings.push(ending);
  }

  /** Sends everybody away, closes the log, and the server too. */
  async close(): Promise<void> {
    await Promise.all([
      ...this.#endings.map((ending) => ending.close()),
      this.#gateway.then((gateway) => gateway.close()),
    ]);
    await Promise.all([this.#log.then((log) => log.close()), this.#database?.close()]);
  }

  #broadcast(domain: string, to: Room, event: string, data: unknown): Promise<Broadcast> {
    const fact = {
      source: 'broadcast',
      id: randomUUID(),
      type: `x:${event}`,
      time: new Date().toISOString(),
      data,
      rooms: [to],
    };
    const published = this.publish(domain, [fact]).then(({ epoch, seq, results: [result] }) => {
      if (result?.status === 'refused') throw result.error;
      return { epoch, seq: result?.seqs[0] ?? seq };
    });
    // Most callers do not wait for it, and must not fall over it.
    published.catch((err: unknown) => this.logger.error({ err, event, room: to }, 'a broadcast was refused'));
    return published;
  }
}
