import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** How busy the machine is without us, in percent of all its processors over two seconds. */
export async function busyPercent() {
  const before = times();
  await sleep(2000);
  const after = times();
  return Math.round(100 * (1 - (after.idle - before.idle) / (after.all - before.all)));
}

function times() {
  const all = os.cpus().map((cpu) => cpu.times);
  const sum = (pick) => all.reduce((total, one) => total + pick(one), 0);
  return {
    idle: sum((one) => one.idle),
    all: sum((one) => one.user + one.nice + one.sys + one.irq + one.idle),
  };
}
