import { Problem } from '../../../scripts/lib/problem.mjs';

/** Rows that are asked for at once, at first. */
const PAGE = 2000;

/** Questions about single tasks that are under way at once. */
const AT_ONCE = 8;

/** How often a list may be read again because it has changed meanwhile; at rest it does not. */
const MOST_TRIES = 5;

/**
 * The engine's own tables, as its REST API gives them: what its history says has happened, and what is open now.
 * To be read when nothing happens any more.
 *
 * @param {(method: string, path: string) => Promise<any>} rest
 */
export async function readTables(rest) {
  const list = (path, sortBy) => readAll(rest, path, sortBy);
  const tables = {
    instances: await list('/history/process-instance', 'instanceId'),
    tasks: await list('/history/task', 'taskId'),
    activities: await list('/history/activity-instance', 'activityInstanceId'),
    incidents: await list('/history/incident', 'incidentId'),
    links: await list('/history/identity-link-log', 'time'),
    operations: await list('/history/user-operation', 'timestamp'),
    openTasks: await list('/task', 'id'),
    openInstances: await list('/process-instance', 'instanceId'),
    openIncidents: await list('/incident', 'incidentId'),
  };
  const candidates = new Map();
  const queue = [...tables.openTasks];
  const work = async () => {
    for (let task = queue.shift(); task; task = queue.shift())
      candidates.set(task.id, await rest('GET', `/task/${task.id}/identity-links?type=candidate`));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { ...tables, candidates };
}

/**
 * A list, whole. Rows of one time may change places between two pages, so that they are counted, and where some are
 * missing asked for again in fewer pages, down to one.
 */
async function readAll(rest, path, sortBy) {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const size = PAGE * 8 ** tries;
    const rows = new Map();
    for (let first = 0; ; first += size) {
      const page = await rest(
        'GET',
        `${path}?sortBy=${sortBy}&sortOrder=asc&firstResult=${first}&maxResults=${size}`,
      );
      for (const row of page) rows.set(row.id, row);
      if (page.length < size) break;
    }
    const { count } = await rest('GET', `${path}/count`);
    if (rows.size === count) return [...rows.values()];
  }
  throw new Problem(`${path} of the engine did not come to rest.`);
}
