import { spawnSync } from 'node:child_process';
import { installPackages } from '../lib/debian.mjs';
import { startService } from './service.mjs';

/** Installs redis-server where it is missing and may be. */
export async function needRedis() {
  if (spawnSync('redis-server', ['--version']).status !== 0) await installPackages('Redis', 'redis-server');
}

/**
 * Starts a Redis on the loopback that keeps its data in a folder. It is back when it has loaded what is there.
 *
 * @param {{ port: number, folder: string, log: string, settings?: string[] }} options
 *   `settings`: more arguments for redis-server
 */
export function startRedis({ port, folder, log, settings = [] }) {
  const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  return startService('Redis', 'redis-server', [...own, ...settings], {
    env: {},
    log,
    ready: /(Ready to accept connections)/,
    timeout: 120_000,
  });
}
