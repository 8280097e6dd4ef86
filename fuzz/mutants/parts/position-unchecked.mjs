export * from '../../../packages/gateway/src/delivery/replay.ts';

export function placeOf(position) {
  const [, epoch, seq] = /^([^:]+):(\d+)$/.exec(position);
  return { epoch, seq: Number(seq) };
}
