import { spawnSync } from 'node:child_process';
import { installPackages } from '../../scripts/lib/debian.mjs';
import { freePort } from '../../scripts/lib/ports.mjs';
import { startService } from '../../scripts/stack/service.mjs';

/** A Redis of its own that writes what it is told to its file and syncs that each second, as in operation. */
export async function startRedis(directory) {
  if (spawnSync('redis-server', ['--version']).status !== 0) await installPackages('Redis', 'redis-server');
  const port = await freePort();
  const settings = {
    port,
    bind: '127.0.0.1',
    dir: directory,
    save: '',
    appendonly: 'yes',
    appendfsync: 'everysec',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const service = await startService('Redis', 'redis-server', args, {
    env: {},
    log: `${directory}/redis.txt`,
    ready: /(Ready to accept connections)/,
    timeout: 20_000,
  });
  return { ...service, url: `redis://127.0.0.1:${port}` };
}
