// A process of its own: opens the log in the folder that it is given, and says so. Told to append, it does so
// without end, from several callers at once, and prints what was acknowledged, a line each: `<seq> <key>`.
import { openSqliteLog } from '../src/index.ts';

const [directory, doing] = process.argv.slice(2);
const log = await openSqliteLog({ directory: directory! });
console.log('open');
await (doing === 'append' ? Promise.all([1, 2, 3, 4, 5, 6].map(append)) : new Promise(() => {}));

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
    const { groups: results } = await log.append('acme', groups);
    const lines = results.map(
      (result, i) => `${'seqs' in result ? result.seqs : result.status} ${groups[i]!.key}\n`,
    );
    process.stdout.write(lines.join(''));
  }
}
