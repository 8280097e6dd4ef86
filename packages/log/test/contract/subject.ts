import { afterEach, beforeEach } from 'vitest';
import type { Log } from '../../src/index.ts';

/** A log to be held to the contract. */
export interface LogUnderTest {
  log: Log;
  /** Closes it and opens what it left; absent where that means nothing. */
  reopen?: () => Promise<Log>;
  /** Closes it and removes what it left. */
  dispose: () => Promise<void>;
}

/** Opens an empty log. */
export type OpenLog = () => Promise<LogUnderTest>;

/** The log of the test that runs now. */
export interface Current {
  readonly log: Log;
  reopen(): Promise<Log> | undefined;
}

/** Gives each test an empty log, and takes it away afterwards. */
export function useLog(open: OpenLog): Current {
  let subject: LogUnderTest;
  beforeEach(async () => {
    subject = await open();
  });
  afterEach(() => subject.dispose());
  return {
    get log() {
      return subject.log;
    },
    reopen: () => subject.reopen?.().then((log) => (subject.log = log)),
  };
}
