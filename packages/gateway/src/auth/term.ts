import type { CloseCode } from '@netbuild/realtime-protocol';
import type { Actor } from './actor.ts';
import type { Revocations } from './revocations.ts';

/** setTimeout can not wait longer (2^31 - 1 ms); a token that lives longer outlives the process's patience. */
const LONGEST_TIMEOUT = 2_147_483_647;

/** The most milliseconds before its end that a connection is told of it; of short tokens the last quarter. */
const NOTICE = 60_000;

/** For how long a token lets a connection live. */
export interface Term {
  /** It stands on another token from here on. */
  renew(actor: Actor): void;
  /** The connection has ended by itself. */
  stop(): void;
}

/** What happens to a connection by its token. */
export interface TermEvents {
  /** A fresh one should come soon. */
  onExpiring?: (expires: number) => void;
  onEnd(code: Extract<CloseCode, 'token_expired' | 'revoked'>): void;
}

/** Begins the term of a connection. */
export function beginTerm(
  actor: Actor,
  revocations: Pick<Revocations, 'watch'>,
  { onExpiring, onEnd }: TermEvents,
): Term {
  let stop: () => void = () => undefined;

  function begin(current: Actor): void {
    const { expires } = current;
    const left = Math.min(Math.max(expires * 1000 - Date.now(), 0), LONGEST_TIMEOUT);
    const notice = onExpiring && setTimeout(() => onExpiring(expires), left - Math.min(NOTICE, left / 4));
    const end = setTimeout(() => onEnd('token_expired'), left);
    const unwatch = revocations.watch(current, () => onEnd('revoked'));
    stop = () => {
      clearTimeout(notice);
      clearTimeout(end);
      unwatch();
    };
  }

  begin(actor);
  return {
    renew(next) {
      stop();
      begin(next);
    },
    stop: () => stop(),
  };
}
