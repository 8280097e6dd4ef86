import { createCaptures as createWhole } from '../../../packages/gateway/src/capture/captures.ts';

/** Captures that read nothing of the past again, and compare what is open once, when they begin. */
export const createCaptures = ({ timing, ...tools }) =>
  createWhole({ ...tools, timing: { ...timing, overlap: 0, sweepEvery: 1e9 } });
