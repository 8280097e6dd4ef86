import { describe } from 'vitest';
import { appending } from './contract/appending.ts';
import { bodies } from './contract/bodies.ts';
import { bulk } from './contract/bulk.ts';
import { casting } from './contract/casting.ts';
import { comparing } from './contract/comparing.ts';
import { erasing } from './contract/erasing.ts';
import { forgetting } from './contract/forgetting.ts';
import { idempotency } from './contract/idempotency.ts';
import { large } from './contract/large.ts';
import { lifting } from './contract/lifting.ts';
import { lives } from './contract/lives.ts';
import { misuse } from './contract/misuse.ts';
import { readers } from './contract/readers.ts';
import { reading } from './contract/reading.ts';
import { rows } from './contract/rows.ts';
import { type OpenLog, useLog } from './contract/subject.ts';
import { watching } from './contract/watching.ts';

/** What every log must do, but for {@link describeLargeContract}. An implementation that passes part of it is none. */
export function describeLogContract(name: string, open: OpenLog): void {
  describe(`${name} keeps the contract of the log`, () => {
    const current = useLog(open);
    for (const part of [
      appending,
      comparing,
      idempotency,
      reading,
      rows,
      bodies,
      forgetting,
      readers,
      erasing,
      lifting,
      watching,
      casting,
      lives,
      misuse,
      bulk,
    ]) {
      part(current);
    }
  });
}

/** What every log must do, too, and takes its time to. */
export function describeLargeContract(name: string, open: OpenLog): void {
  describe(`${name} keeps the contract of the log`, () => large(useLog(open)));
}
