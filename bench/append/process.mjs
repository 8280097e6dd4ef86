import { serveParent } from '../../scripts/lib/child.mjs';
import { openBareRedis } from './bare-redis.mjs';
import { openBareSqlite } from './bare-sqlite.mjs';
import { IDS } from './load.mjs';
import { openOurs } from './ours.mjs';

let side;

/** One side of the measurement: it has a process to itself, as a gateway has. */
serveParent({
  async open({ isOurs, storage, ids, ...rest }) {
    const open = isOurs ? openOurs : storage === 'sqlite' ? openBareSqlite : openBareRedis;
    side = await open({ ...rest, storage, newId: IDS[ids] });
  },
  /** Events a second, from the first call to the last acknowledgement. */
  async round(count) {
    const begun = performance.now();
    const done = await side.append(count);
    return (done * 1000) / (performance.now() - begun);
  },
  close: () => side.close(),
});
