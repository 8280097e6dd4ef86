/** The process that the story is about. */
const DEFINITION = 'definition:microservice-delivery';

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
  const followed = new Set();
  client.room(DEFINITION).hold();
  const deliveries = client.view({ kind: 'process', room: DEFINITION, open: true });
  const unfinished = client.view({ kind: 'microservice', open: true });

  const find = () => {
    for (const { data } of [...deliveries.getSnapshot(), ...unfinished.getSnapshot()])
      if (data.executionId !== undefined) follow(data.executionId);
  };
  const follow = (executionId) => {
    if (followed.has(executionId)) return;
    followed.add(executionId);
    const room = `execution:${executionId}`;
    client.room(room).hold();
    const views = {
      processes: client.view({ kind: 'process', room }),
      activities: client.view({ kind: 'activity', room, open: true }),
      incidents: client.view({ kind: 'incident', room, open: true }),
      services: client.view({ kind: 'microservice', room }),
      events: client.history(room),
    };
    const see = () => {
      // Half of a snapshot would look like work that nobody has done yet.
      if (client.room(room).getSnapshot().state !== 'whole') return;
      const rows = Object.entries(views).map(([name, view]) => [name, view.getSnapshot()]);
      look({ executionId, ...Object.fromEntries(rows) });
    };
    for (const view of [...Object.values(views), client.room(room)]) view.subscribe(see);
    see();
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
