import { PLAIN_SCHEMA } from '../lifting.ts';
import { KEEP_KEYS, type LogOptions } from '../options.ts';

/** How the log in Redis behaves. */
export interface RedisLogOptions extends LogOptions {
  /** Where Redis is: `redis://` or `rediss://`, with user, password and database number if need be. */
  url: string;
  /** What the names of all keys and channels begin with. Default `netbuild:`. Another prefix is another log. */
  prefix?: string;
  /**
   * For so many milliseconds Redis may still lose what it has acknowledged, see `Appended.settle`.
   * Default: 5000 from its first replica on, 0 where it never had one. A Redis that is restarted without having saved its
   * newest writes loses them too: with `appendfsync everysec`, say 2000.
   */
  settle?: number;
  /**
   * Lets each append wait until so many replicas have it, at most for `within` ms; else it is refused as `failed`,
   * although it is written, and the same keys may be tried again. Default: none. It narrows what a failover can
   * lose and does not end it. Mind that reads of this process wait behind it.
   */
  wait?: { replicas: number; within: number };
  /** How often the heads of all domains in use are compared, and the subscription is probed, in ms. Default 1000. */
  compareEvery?: number;
  /** How long an answer of Redis is waited for, in ms. Default 5000. */
  answerWithin?: number;
  /** How long a call waits for a lost connection to come back before it is refused, in ms. Default 1000. */
  connectWithin?: number;
}

/** The same with its defaults. */
export interface Settings extends Required<Omit<RedisLogOptions, 'settle' | 'wait'>> {
  settle: number | undefined;
  wait: { replicas: number; within: number } | undefined;
  /** The name of this process among those that write. */
  writer: string;
}

/** Fills in the defaults. */
export function toSettings(options: RedisLogOptions, writer: string): Settings {
  return {
    prefix: 'netbuild:',
    keepKeys: KEEP_KEYS,
    schema: PLAIN_SCHEMA,
    compareEvery: 1000,
    answerWithin: 5000,
    connectWithin: 1000,
    ...options,
    settle: options.settle,
    wait: options.wait,
    writer,
  };
}
