import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureNginx } from '../lib/nginx.mjs';
import { at } from '../lib/paths.mjs';
import { freePort } from '../lib/ports.mjs';
import { Problem } from '../lib/problem.mjs';
import { start } from '../lib/processes.mjs';

/**
 * The text of `deploy/nginx/gateways.conf` for these nodes; a test holds the file to it.
 *
 * @param {{ id: string, address: string }[]} nodes `id`: its INSTANCE_ID; `address`: host and port
 */
export function gatewaysConf(nodes) {
  const each = (line) => nodes.map(line).join('\n');
  return `# Which gateways there are. One more node is one more line in the first group, a group of its own, and a line in the map.

# Requests, and where sessions begin. None is ever left out for a while: where all were away for a moment, everybody
# would wait for the end of that while; and a 503 may come from a node that is well, while the log is away.
upstream gateways {
  zone gateways 128k;
${each(({ address }) => `  server ${address} max_fails=0;`)}
  keepalive 32;
}

# The node that has a session, by the name that its session ids begin with (INSTANCE_ID).
${each(({ id, address }) => `upstream ${id} {\n  server ${address};\n}\n`)}
map $arg_sid $gateway {
  default gateways;
${each(({ id }) => `  ~^${id.replaceAll('.', '\\.')}\\.[^.]+$ ${id};`)}
}
`;
}

/** What nginx writes while it works; relative names are below its folder. */
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/**
 * Starts a real nginx with the configuration of `deploy/nginx` in front of these gateways, on the loopback.
 * It is back when it listens; it ends with the script, or by `stop`.
 *
 * @param {{ nodes: { id: string, address: string }[], folder: string, port?: number, tls?: string }} call
 *   `folder`: its own, for its configuration and what it writes; `port`: default a free one; `tls`: a folder with
 *   `fullchain.pem` and `privkey.pem`, by which it listens as it is deployed; left out: without TLS
 */
export async function startNginx({ nodes, folder, port, tls }) {
  const command = await ensureNginx();
  const chosen = port ?? (await freePort());
  await mkdir(folder, { recursive: true });
  // Where root starts it, its workers are somebody else.
  await chmod(folder, 0o755);
  await copyFile(at('deploy/nginx/nginx.conf'), path.join(folder, 'nginx.conf'));
  await writeFile(path.join(folder, 'gateways.conf'), gatewaysConf(nodes));
  const places = TEMPORARY.map((name) => `${name}_temp_path ${name};`);
  const plain = await freePort();
  const open = await freePort();
  const listen = tls
    ? await deployed('listen.conf', { tls, 443: chosen, 8080: plain })
    : `listen 127.0.0.1:${chosen};`;
  await writeFile(path.join(folder, 'listen.conf'), [listen, ...places, ''].join('\n'));
  if (tls) {
    await mkdir(path.join(folder, 'servers'), { recursive: true });
    await writeFile(
      path.join(folder, 'servers/redirect.conf'),
      await deployed('servers/redirect.conf', { 80: open }),
    );
  }
  // Where packages put them, an account without rights could not write.
  const globals = `daemon off; pid ${path.join(folder, 'nginx.pid')}; error_log stderr;`;
  const child = start(
    command,
    ['-p', folder, '-c', path.join(folder, 'nginx.conf'), '-e', 'stderr', '-g', globals],
    {
      name: 'nginx',
    },
  );
  try {
    await Promise.race([listening(chosen), ended(child)]);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return {
    ...child,
    port: chosen,
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${chosen}`,
    /** With TLS: where it listens without, for what is beside it; and where it sends pages on. */
    plainUrl: `http://127.0.0.1:${plain}`,
    openUrl: `http://127.0.0.1:${open}`,
  };
}

/**
 * A file of `deploy/nginx` with what belongs to this machine in place of what belongs to a container.
 *
 * @param {string} name
 * @param {Record<string, string | number>} places ports by those that they stand for, and `tls`, the folder of the certificate
 */
export async function deployed(name, { tls, ...ports }) {
  const text = await readFile(at('deploy/nginx', name), 'utf8');
  return text
    .replaceAll('/etc/nginx/tls', tls ?? '/etc/nginx/tls')
    .replaceAll(/\blisten (\d+)/g, (whole, port) =>
      ports[port] ? `listen 127.0.0.1:${ports[port]}` : whole,
    );
}

async function listening(port) {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await sleep(20);
  }
}

async function ended({ exited, tail }) {
  const { code } = await exited;
  throw new Problem(`nginx ended (${code}) instead of starting.`, { tail: tail.text });
}
