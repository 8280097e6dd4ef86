import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A process that has a log open. */
export interface LogProcess extends AsyncDisposable {
  /** What it printed so far. */
  lines: string[];
  /** Waits until it has printed so many lines. */
  printed(count: number): Promise<void>;
  /** Kills it outright, and waits until it is gone and all that it printed was read. */
  kill(): Promise<void>;
}

/** Starts a process that opens the log in a folder or a Redis, and appends to it if told so. */
export function startLogProcess(
  where: string,
  doing: 'hold' | 'append' | 'trim' | 'link' | 'begin-link',
): LogProcess {
  const script = fileURLToPath(new URL('./appending-process.ts', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [script, where, doing], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const lines: string[] = [];
  let complaint = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  let waiting: { count: number; done: () => void } | undefined;
  createInterface({ input: child.stdout! }).on('line', (line) => {
    lines.push(line);
    if (waiting && lines.length >= waiting.count) waiting.done();
  });
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  return {
    lines,
    printed: async (count) => {
      const enough = new Promise<void>((done) => {
        waiting = { count, done };
      });
      if (lines.length >= count) return;
      const failed = ended.then(() => Promise.reject(new Error(`the process ended: ${complaint}`)));
      await Promise.race([enough, failed]);
    },
    kill,
    [Symbol.asyncDispose]: kill,
  };
}
