import { type IncidentData, RealtimeError, subject } from '@netbuild/realtime-protocol';
import { dataOf } from '../rows.ts';
import type { Call, CommandTools } from './command.ts';
import type { EngineCall } from './engine.ts';

/** The command of incidents. */
export function createIncidentCommands({ log }: Pick<CommandTools, 'log'>): {
  'incident:retry': (call: Call<'incident:retry'>) => EngineCall<'incident:retry'>;
} {
  async function rowOf(domainId: string, incidentId: string) {
    const [row] = await log.rows(domainId, [subject('incident', incidentId)]);
    return row && dataOf<IncidentData>(row);
  }

  return {
    'incident:retry': (call) => {
      const { incidentId } = call.payload;
      const { domainId } = call.actor;
      const result = { incidentId };
      return {
        name: 'incident:retry',
        call,
        target: subject('incident', incidentId),
        // What has got its retries already just gets them.
        isRepeatable: true,
        examine: async () => {
          const incident = await rowOf(domainId, incidentId);
          if (incident?.state !== 'open') throw new RealtimeError('incident_closed');
          return { engine: incident.engine };
        },
        ask: async (engine) => {
          await engine.retry(incidentId);
          return result;
        },
        // A job that gets retries has no incident any more; should it fail again, that is another one.
        look: async (engine) =>
          (await engine.look.incident(incidentId)) ? { is: 'undone' } : { is: 'done', result },
        effectIn: () => subject('incident', incidentId),
      };
    },
  };
}
