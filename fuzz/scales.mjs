import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

/**
 * What is loaded into the gateway of a run, by `--import`: at SIGUSR2 it says how many bytes it holds when its garbage
 * is away. What it has of the system says little: that is what the garbage of its worst moment has taken, and it is
 * hardly ever given back.
 */
if (isMainThread) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  process.on('SIGUSR2', () => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    process.stdout.write(`holds ${heapUsed + external} bytes\n`);
  });
}
