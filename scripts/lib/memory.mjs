import { readFileSync } from 'node:fs';

/**
 * Bytes of memory that a process has, as Linux counts them.
 *
 * @param {number} pid
 * @param {'VmRSS' | 'VmHWM'} what what it has now, or the most that it ever had
 * @throws where there is no such process any more
 */
export function memoryOf(pid, what = 'VmRSS') {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(status)[1]) * 1024;
}
