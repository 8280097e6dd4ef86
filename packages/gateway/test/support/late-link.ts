import type { Fact } from '@netbuild/realtime-protocol';

/** A business key for the instance `p1`, that comes late. */
export const LATE_LINK: Fact = {
  source: 'test',
  id: 'L',
  type: 'process:linked',
  time: '2026-01-01T12:00:00.000Z',
  data: { processInstanceId: 'p1', businessKey: 'e1' },
};
