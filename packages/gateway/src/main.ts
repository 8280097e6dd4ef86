#!/usr/bin/env node
import type { EngineClient } from '@netbuild/realtime-engine';
import { LogError } from '@netbuild/realtime-log';
import { pino } from 'pino';
import { archiveOf, openLog, reachDatabase, reachEngine } from './choose.ts';
import { deadLetters } from './cli/dead-letters.ts';
import { erase } from './cli/erase.ts';
import { publisherKey } from './cli/publisher-key.ts';
import { revoke } from './cli/revoke.ts';
import { readServeCall } from './cli/serve.ts';
import { subscriptions } from './cli/subscriptions.ts';
import { token } from './cli/token.ts';
import { UsageError, usage } from './cli/usage.ts';
import { ConfigError } from './config/config.ts';
import { enginesOf, PLAIN_ENGINE } from './config/engines.ts';
import { playSample } from './dev/sample.ts';
import { createSampleEngine } from './dev/sample-engine.ts';
import { SAMPLE_USERS } from './dev/settings.ts';
import { startGateway } from './gateway.ts';
import { createPublish } from './ingest/publish.ts';
import { startTaskEvents } from './ingest/task-events.ts';
import { instanceOf } from './instance.ts';
import { inMilliseconds } from './retention/retention.ts';

/** Runs a gateway as the environment says. */
async function serve(args: string[]): Promise<void> {
  const { config, isDev } = readServeCall(args, process.env);
  // Standard output belongs to the line that scripts wait for.
  const base = { instance: instanceOf(config) };
  const logger = pino({ level: config.LOG_LEVEL, base }, pino.destination({ dest: 2, sync: true }));
  const keepKeys = inMilliseconds(config.KEEP_KEYS_DAYS);
  const bare = await openLog(config);
  const database = reachDatabase(config);
  // Nothing is asked of it yet: this is whether the driver understands its address.
  await database?.db().catch((error: Error) => {
    throw new ConfigError(`MONGODB_URL: ${error.message}`);
  });
  const archive = archiveOf(config, bare, database, logger);
  const log = archive?.log ?? bare;
  const domain = config.DEFAULT_DOMAIN;
  const publish = createPublish(log, { keepKeys, archive });
  const engines = enginesOf(config).map((engine) => ({ ...engine, ...reachEngine(engine) }));
  const sample = isDev && engines.length === 0 ? createSampleEngine(publish, domain) : undefined;
  const clients = new Map<string, EngineClient>(engines.map(({ name, client }) => [name, client]));
  if (sample) clients.set(PLAIN_ENGINE, sample);
  const engineOf = (name = PLAIN_ENGINE) => clients.get(name);
  const gateway = await startGateway({ config, log, publish, engineOf, logger, database, archive });
  const taskEvents =
    config.TASK_EVENTS === 'off'
      ? []
      : engines.map(({ name, tasks, domain }) =>
          startTaskEvents({ engine: name, tasks, publish, domain, logger }),
        );

  const stopping = new AbortController();
  const { signal } = stopping;
  const stop = (): void => {
    // Who asks twice does not want to wait.
    if (signal.aborted) process.exit(130);
    stopping.abort();
    Promise.all([gateway.close(), ...taskEvents.map((worker) => worker.close())])
      .then(() => Promise.all([log.close(), database?.close()]))
      .then(() => process.exit(0))
      .catch((err: unknown) => {
        logger.error({ err }, 'stopping failed');
        process.exit(1);
      });
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  const lines = [`listening on ${gateway.url}`];
  if (sample && config.APP_DIR === undefined)
    lines.push('no web app is built: npm run build -w apps/workstream');
  if (sample) lines.push(...SAMPLE_USERS.map(({ user, password }) => `log in as ${user} with ${password}`));
  // At once: who waits for the address has the rest, too.
  process.stdout.write(`${lines.join('\n')}\n`);
  if (sample) {
    playSample({ publish, engine: sample, log, domain, signal }).catch((err) => {
      if (!signal.aborted) logger.error({ err }, 'the sample has stopped');
    });
  }
}

async function main([command, ...args]: string[]): Promise<void> {
  if (command === undefined || command === 'help' || command === '--help' || args.includes('--help')) {
    process.stdout.write(usage());
  } else if (command === 'serve') {
    await serve(args);
  } else if (command === 'token') {
    process.stdout.write(`${await token(args, process.env)}\n`);
  } else if (command === 'revoke') {
    process.stdout.write(`${await revoke(args, process.env)}\n`);
  } else if (command === 'erase') {
    process.stdout.write(`${await erase(args, process.env)}\n`);
  } else if (command === 'publisher-key') {
    process.stdout.write(`${publisherKey(args)}\n`);
  } else if (command === 'dead-letters') {
    await deadLetters(args, process.env, (text) => process.stdout.write(text));
  } else if (command === 'subscriptions') {
    await subscriptions(args, process.env, (text) => process.stdout.write(text));
  } else {
    throw new UsageError(`There is no command ${command}.`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${sentence(error)}\n`);
  process.exit(1);
});

/** What a person at a terminal needs to know of an error. */
function sentence(error: unknown): string {
  if (error instanceof ConfigError || error instanceof LogError) return error.message;
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') return `Port ${port} is in use; choose another one with PORT=… (0: a free one).`;
  if (error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS'))
    return `${(error as Error).message}\nSee netbuild-realtime --help.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
