import { createWork } from './executions.mjs';

/**
 * A plain program that says for Cortex what has become of microservices: that one runs, or why it does not, and what
 * its deliveries have in common. It measures, and guesses nothing.
 *
 * @param {{ publisher: object }} tools
 * @returns {(execution: import('./executions.mjs').Execution) => void}
 */
export function createCortex({ publisher }) {
  const work = createWork('cortex');
  /** Of each delivery that was seen to end, by its execution: the seconds that it took. */
  const took = new Map();
  return ({ executionId, processes, incidents, services }) => {
    for (const { data: service } of services) {
      const { microserviceId, name, version } = service;
      const named = { microserviceId, name, ...(version !== undefined && { version }) };
      const process = processes.find(
        ({ data }) => data.processInstanceId === service.processInstanceId,
      )?.data;
      const stuck = incidents.find(
        ({ data }) =>
          data.processInstanceId === service.processInstanceId && data.activityId === 'deploy-service',
      )?.data;
      if (stuck)
        void work(`failed ${stuck.incidentId}`, () =>
          publisher.send(
            'microservice:failed',
            { ...named, ...(stuck.message !== undefined && { failure: stuck.message }) },
            { id: `${stuck.incidentId}/failed` },
          ),
        );
      if (process?.state === 'cancelled' && service.state === 'generating')
        void work(`cancelled ${microserviceId}`, () =>
          publisher.send(
            'microservice:failed',
            { ...named, failure: 'Its delivery was ended.' },
            { id: `${microserviceId}/cancelled` },
          ),
        );
      if (process?.state !== 'completed' || service.state === 'deployed') continue;
      void work(`deployed ${microserviceId}`, async () => {
        await publisher.send(
          'microservice:deployed',
          { ...named, url: process.variables?.endpoint },
          { id: `${microserviceId}/deployed` },
        );
        took.set(executionId, (Date.parse(process.ended) - Date.parse(process.started)) / 1000);
        const all = [...took.values()];
        const mean = all.reduce((sum, seconds) => sum + seconds, 0) / all.length;
        await publisher.send(
          'pattern:learned',
          {
            patternId: 'delivery-time',
            name: 'How long a delivery takes',
            learned: `${mean.toFixed(0)} s from the request to the deployment, over ${all.length} of them.`,
            // One says little, many say more.
            confidence: Number((all.length / (all.length + 2)).toFixed(2)),
            executions: [...took.keys()].slice(-20),
          },
          { id: `${microserviceId}/learned` },
        );
      });
    }
  };
}
