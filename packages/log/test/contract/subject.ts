import { afterEach, beforeEach } from 'vitest';
import type { Log, LogOptions } from '../../src/index.ts';

/** A log to be held to the contract. */
export interface LogUnderTest {
  log: Log;
  /** Closes it and opens what it left; absent where that means nothing. */
  reopen?: (options?: LogOptions) => Promise<Log>;
  /** All bytes that it keeps anywhere. */
  stored: () => Promise<Buffer>;
  /** Closes it and removes what it left. */
  dispose: () => Promise<void>;
}

/** Opens an empty log. */
export type OpenLog = () => Promise<LogUnderTest>;

/** The log of the test that runs now. */
export interface Current {
  readonly log: Log;
  reopen(options?: LogOptions): Promise<Log> | undefined;
  stored(): Promise<Buffer>;
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
    reopen: (options) => subject.reopen?.(options).then((log) => (subject.log = log)),
    stored: () => subject.stored(),
  };
}
