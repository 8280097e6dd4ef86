/**
 * Outlives the script that started it by a moment: should that be killed without a chance to tidy up (SIGKILL),
 * this ends the process groups it had started. It hears of them on stdin, `+pid` and `-pid`, and of the
 * script's end by the end of stdin.
 */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const groups = new Set();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

for await (const line of createInterface({ input: process.stdin })) {
  if (line.startsWith('+')) groups.add(Number(line.slice(1)));
  else groups.delete(Number(line.slice(1)));
}

const left = [...groups].reverse();
for (const group of left) send(group, 'SIGTERM');
for (let waited = 0; waited < 3000 && left.some((group) => send(group, 0)); waited += 100) await sleep(100);
for (const group of left) send(group, 'SIGKILL');

function send(group, signal) {
  try {
    return process.kill(-group, signal);
  } catch {
    return false; // it has ended
  }
}
