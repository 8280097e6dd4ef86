// A process of its own: opens the log that it is given (a folder, or the address of a Redis), and says so. Told to
// append, it does so without end, from several callers at once, and prints what was acknowledged, a line each:
// `<seq> <key>`. Told to trim, it does that, too, and keeps little. Told to link, it brings each of 10,000 tasks
// into one more room, a hundred at a time, and ends; told to begin with that, it leaves out the last hundred and waits,
// since who is to kill it may be slow.
import { type Group, openRedisLog, openSqliteLog } from '../src/index.ts';
import { LINKED, linkOf } from './linking.ts';

const [where, doing] = process.argv.slice(2);
const isRedis = where!.startsWith('redis:');
const log = await (isRedis ? openRedisLog({ url: where! }) : openSqliteLog({ directory: where! }));
console.log('open');
if (doing === 'append') await Promise.all([1, 2, 3, 4, 5, 6].map(append));
else if (doing === 'trim') await Promise.all([...[1, 2, 3, 4, 5, 6].map(append), trim()]);
else if (doing === 'link') await link(LINKED);
else if (doing === 'begin-link') await link(LINKED - 100);
if (doing === 'link') await log.close();
else await new Promise(() => {});

async function append(caller: number): Promise<void> {
  for (let n = 0; ; n++) {
    const groups = [1, 2, 3].map((part) => ({
      key: `${caller}/${n}/${part}`,
      reads: [],
      events: Array.from({ length: part }, () => ({
        subject: `task/${caller}-${n % 50}` as const,
        rooms: [`process:${n}` as const, `user:${caller}` as const],
        left: [],
        open: n % 3 > 0,
        body: JSON.stringify({ caller, n, part }),
      })),
    }));
    await write(groups);
  }
}

async function trim(): Promise<void> {
  for (;;) await log.trim('acme', { events: { count: 100 } });
}

async function link(tasks: number): Promise<void> {
  for (let n = 0; n < tasks; n += 100) {
    await write(Array.from({ length: 100 }, (_, i) => linkOf(n + i + 1)));
  }
}

async function write(groups: Group[]): Promise<void> {
  const { groups: results } = await log.append('acme', groups);
  const lines = results.map(
    (result, i) => `${'seqs' in result ? result.seqs : result.status} ${groups[i]!.key}\n`,
  );
  process.stdout.write(lines.join(''));
}
