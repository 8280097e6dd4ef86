import { ANSWER_WITHIN } from '@netbuild/realtime-engine';

/** How long commands to an engine wait, in milliseconds. */
export interface CommandLimits {
  /** A call to an engine may take so long. */
  call: number;
  /** The lease of a command that does no harm when the engine is asked twice. */
  lease: number;
  /** The lease of one that would: so long after the call, what of it had no answer may still happen. */
  leaseOnce: number;
  /** For the engine's own report of the effect, so that its event can name the command. */
  effect: number;
  /** For whoever sent a command that has to be looked at first. */
  patience: number;
  /** Between two looks at the engine. */
  lookEvery: number;
  /** Between two rounds through what was left behind. */
  sweepEvery: number;
  /** What was left behind for longer is not carried out any more: nobody expects it. */
  stale: number;
}

/** The limits of a gateway. */
export const COMMAND_LIMITS: CommandLimits = {
  call: ANSWER_WITHIN,
  lease: 20_000,
  leaseOnce: 60_000,
  effect: 3000,
  patience: 20_000,
  lookEvery: 1000,
  sweepEvery: 5000,
  stale: 10 * 60_000,
};
