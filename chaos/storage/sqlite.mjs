import { execFileSync } from 'node:child_process';
import { mkdirSync, statfsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteLog } from '../../packages/log/src/index.ts';
import { mustEnd } from '../../scripts/lib/cleanup.mjs';
import { say } from '../../scripts/lib/say.mjs';

/** Bytes that an event costs at most, with its rows and its places in rooms, and what the file begins with. */
const AN_EVENT = 6000;
const AT_FIRST = 256 * 1024 * 1024;

/** One server's embedded log, on a small disk of its own where this account may mount one. */
export async function openSqlite({ at, events }) {
  const folder = at('data');
  mkdirSync(folder, { recursive: true });
  const size = AT_FIRST + events * AN_EVENT;
  const disk = mount(folder, size);
  if (!disk) say('This account may not mount a small disk: no fault fills it.');

  return {
    env: () => ({ DATA_DIR: folder }),
    plays: {
      /** No byte more than what is there already. */
      async 'disk-full'({ lasts }) {
        if (!disk) return;
        disk.fill();
        await sleep(lasts);
        disk.resize(size);
      },
    },
    settled: async () => {},
    open: () => openSqliteLog({ directory: folder }),
    /** The data are gone after that. */
    async drop() {
      disk?.unmount();
    },
  };
}

/** A disk in memory; none where this account may not mount one. */
function mount(folder, size) {
  const run = (...args) => execFileSync(args[0], args.slice(1), { stdio: 'ignore' });
  const unmount = () => run('umount', '--lazy', folder);
  try {
    run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'none', folder);
  } catch {
    return undefined;
  }
  const forget = mustEnd({ name: 'disk of the log', stop: async () => unmount(), kill: unmount });
  const resize = (bytes) => run('mount', '-o', `remount,size=${bytes}`, folder);
  return {
    resize,
    fill() {
      for (;;) {
        const { blocks, bfree, bsize } = statfsSync(folder);
        try {
          return resize(Math.max(1, blocks - bfree) * bsize);
        } catch {
          // More was written meanwhile than it would have held.
        }
      }
    },
    unmount() {
      forget();
      unmount();
    },
  };
}
