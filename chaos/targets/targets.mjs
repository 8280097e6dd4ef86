import { ours } from './ours.mjs';
import { stock } from './stock.mjs';

/** What the load and the faults can be played on. `log`: the scene of a target that has none of its own to choose. */
export const TARGETS = {
  ours,
  socketio: stock({ log: 'sqlite' }),
  'socketio-redis': stock({ log: 'redis', adapter: 'redis' }),
  'socketio-streams': stock({ log: 'redis', adapter: 'streams' }),
};
