import { subject } from '@netbuild/realtime-protocol';
import type { Rest } from '../rest.ts';
import { isoOf } from './dates.ts';
import type { Definitions } from './definitions.ts';
import type { Kind, Missing, Pair, Source } from './kind.ts';
import type { Finding, LedgerRow } from './ledger.ts';
import { itemsOf } from './listing.ts';
import { guessed, now, said } from './said.ts';
import type { HistoricIncident, RuntimeIncident } from './shapes.ts';

const HISTORY = '/history/incident';

/** Incidents: those that are open at every history level, those that have ended where the level is `full`. */
export function createIncidents(
  { read }: Pick<Rest, 'read'>,
  definitions: Definitions,
  engine: string | undefined,
): Kind & { begun: Source<HistoricIncident>; ended: Source<HistoricIncident> } {
  const source = (listing: Omit<Source<HistoricIncident>['listing'], 'path'>): Source<HistoricIncident> => ({
    kind: 'incident',
    listing: { path: HISTORY, ...listing },
    judge: async (pairs) => (await Promise.all(pairs.map(judge))).flat(),
  });

  async function judge({ item, row }: Pair<HistoricIncident>): Promise<Finding[]> {
    if (row && (!row.open || !item.endTime)) return [];
    return [
      ...(row ? [] : [await finding(item, 'created', item.createTime, 'missing')]),
      ...(item.endTime ? [await finding(item, 'ended', item.endTime, 'ended')] : []),
    ];
  }

  async function finding(
    item: HistoricIncident,
    verb: 'created' | 'ended',
    time: string,
    differs: string,
  ): Promise<Finding> {
    const data = said({
      engine,
      incidentId: item.id,
      incidentType: item.incidentType,
      message: item.incidentMessage?.slice(0, 4000),
      activityId: item.failedActivityId || item.activityId,
      created: isoOf(item.createTime),
      ...(verb === 'ended' ? { ended: isoOf(item.endTime) } : {}),
      processInstanceId: item.processInstanceId,
      rootProcessInstanceId: item.rootProcessInstanceId,
      ...(await definitions.of(item)),
    });
    return {
      id: `incident/${item.id}/${verb}`,
      type: verb === 'created' ? 'process:error' : 'process:error-resolved',
      time: isoOf(time) ?? now(),
      data,
      subject: subject('incident', item.id),
      differs: [differs],
    };
  }

  async function missing(rows: LedgerRow[]): Promise<Missing> {
    const found: Missing = { findings: [], guesses: [] };
    await Promise.all(
      rows.map(async (row) => {
        const incidentId = row.data.incidentId as string;
        const ask = async <Item extends { id: string }>(path: string) =>
          itemsOf<Item>(path, await read(path, { incidentId, maxResults: 2 })).find(
            ({ id }) => id === incidentId,
          );
        if (await ask('/incident')) return;
        const item = await ask<HistoricIncident>(HISTORY);
        if (item?.endTime) found.findings.push(await finding(item, 'ended', item.endTime, 'ended'));
        else if (!item) found.guesses.push(gone(incidentId, row));
      }),
    );
    return found;
  }

  return {
    kind: 'incident',
    begun: source({ sortBy: 'createTime', since: 'createTimeAfter', timeOf: ({ createTime }) => createTime }),
    ended: source({ sortBy: 'endTime', since: 'endTimeAfter', timeOf: ({ endTime }) => endTime }),
    open: {
      kind: 'incident',
      listing: {
        path: '/incident',
        sortBy: 'incidentTimestamp',
        since: 'incidentTimestampAfter',
        timeOf: ({ incidentTimestamp }) => incidentTimestamp,
      },
      judge: async (pairs: Pair<RuntimeIncident>[]) =>
        (
          await Promise.all(
            pairs.map(({ item, row }) =>
              judge({ item: { ...item, createTime: item.incidentTimestamp }, row }),
            ),
          )
        ).flat(),
    },
    count: '/incident/count',
    missing,
  };
}

function gone(id: string, { subject: name }: LedgerRow): Finding {
  return guessed({
    id: `incident/${id}/ended`,
    type: 'process:error-resolved',
    time: now(),
    data: { incidentId: id },
    subject: name,
    differs: ['gone'],
  });
}
