/** The process that the story is about. */
const DEFINITION = 'definition:microservice-delivery';

/** Executions in which nothing is left to do that are looked at all the same: somebody may ask something there. */
const MOST_IDLE = 50;

/** Pieces of work that are remembered as begun; what is older is done, and by its id nobody does it twice. */
const MOST_BEGUN = 10_000;

/**
 * What an execution is, as programs look at it: its rows, and the end of its history.
 *
 * @typedef {object} Execution
 * @property {string} executionId
 * @property {object[]} processes rows of its deliveries, those too that have ended
 * @property {object[]} activities rows of what goes on in them
 * @property {object[]} incidents rows of those that are open
 * @property {object[]} services rows of its microservices
 * @property {object[]} events its history, oldest first
 */

/**
 * Looks at every execution that has a delivery under way, or a microservice that is not deployed yet, each time when
 * something in it has changed. What has been done already is for the looks to see: they are called again after a
 * restart, and then with all there is.
 *
 * @param {import('@netbuild/realtime-client').RealtimeClient} client
 * @param {(execution: Execution) => void} look
 */
export function followExecutions(client, look) {
  /** By its execution, in the order of their last work: what ends the looks. */
  const followed = new Map();
  client.room(DEFINITION).hold();
  const deliveries = client.view('processes', { room: DEFINITION, open: true });
  const unfinished = client.view('microservices', { open: true });

  const find = () => {
    const rows = [...deliveries.getSnapshot(), ...unfinished.getSnapshot()];
    const wanted = new Set(rows.flatMap(({ data }) => data.executionId ?? []));
    for (const executionId of wanted) {
      const stop = followed.get(executionId) ?? follow(executionId);
      followed.delete(executionId);
      followed.set(executionId, stop);
    }
    for (const [executionId, stop] of followed) {
      if (followed.size <= wanted.size + MOST_IDLE) break;
      followed.delete(executionId);
      stop();
    }
  };
  const follow = (executionId) => {
    const room = `execution:${executionId}`;
    const release = client.room(room).hold();
    const views = {
      processes: client.view('processes', { room }),
      activities: client.view('activities', { room, open: true }),
      incidents: client.view('incidents', { room, open: true }),
      services: client.view('microservices', { room }),
      events: client.history(room),
    };
    const see = () => {
      // Half of a snapshot would look like work that nobody has done yet.
      if (client.room(room).getSnapshot().state !== 'whole') return;
      const rows = Object.entries(views).map(([name, view]) => [name, view.getSnapshot()]);
      look({ executionId, ...Object.fromEntries(rows) });
    };
    const ends = [...Object.values(views), client.room(room)].map((view) => view.subscribe(see));
    see();
    return () => {
      for (const end of ends) end();
      release();
    };
  };
  for (const view of [deliveries, unfinished]) view.subscribe(find);
  find();
}

/**
 * Does each piece of work once, by its name, and again where it has failed.
 *
 * @param {string} program who is told of in the log of the programs
 */
export function createWork(program) {
  const begun = new Set();
  return async (name, run) => {
    if (begun.has(name)) return;
    begun.add(name);
    if (begun.size > MOST_BEGUN) begun.delete(begun.values().next().value);
    for (;;) {
      try {
        await run();
        return;
      } catch (error) {
        console.warn(`${program}: ${name}: ${error.message}`);
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  };
}
