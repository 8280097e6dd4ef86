import { subject } from '@netbuild/realtime-protocol';
import type { Rest } from '../rest.ts';
import { isoOf } from './dates.ts';
import { type Definitions, isOther } from './definitions.ts';
import type { Kind, Missing, Pair, Source } from './kind.ts';
import type { Finding, LedgerRow } from './ledger.ts';
import { itemsOf } from './listing.ts';
import { guessed, now, said } from './said.ts';
import type { HistoricActivity } from './shapes.ts';
import { spansOf } from './spans.ts';

const PATH = '/history/activity-instance';

/** Activities: what has begun, what has ended, what is open. */
export function createActivities(
  { read }: Pick<Rest, 'read'>,
  definitions: Definitions,
  engine: string | undefined,
): Kind & { begun: Source<HistoricActivity>; ended: Source<HistoricActivity> } {
  const source = (listing: Omit<Source<HistoricActivity>['listing'], 'path'>): Source<HistoricActivity> => ({
    kind: 'activity',
    listing: { path: PATH, ...listing },
    judge: async (pairs) => (await Promise.all(pairs.map(judge))).flat(),
  });

  async function judge({ item, row }: Pair<HistoricActivity>): Promise<Finding[]> {
    if (row && !row.open) return [];
    if (row && !item.endTime) return isOther(item, row) ? [await migrated(item, row)] : [];
    return [
      ...(row ? [] : [await finding(item, 'started', isoOf(item.startTime), 'missing')]),
      ...(item.endTime ? [await finding(item, 'ended', isoOf(item.endTime), 'ended')] : []),
    ];
  }

  async function finding(
    item: HistoricActivity,
    verb: 'started' | 'ended',
    time: string | undefined,
    differs: string,
  ): Promise<Finding> {
    const data = said({
      engine,
      activityInstanceId: item.id,
      activityId: item.activityId,
      activityName: item.activityName,
      activityType: item.activityType,
      taskId: item.taskId,
      calledProcessInstanceId: item.calledProcessInstanceId,
      started: isoOf(item.startTime),
      ...(verb === 'ended' ? { ended: isoOf(item.endTime), canceled: item.canceled } : {}),
      processInstanceId: item.processInstanceId,
      rootProcessInstanceId: item.rootProcessInstanceId,
      ...(await definitions.of(item)),
    });
    return {
      id: `activity/${item.id}/${verb}`,
      type: verb === 'started' ? 'activity:started' : 'activity:completed',
      time: time ?? now(),
      data,
      subject: subject('activity', item.id),
      differs: [differs],
    };
  }

  async function migrated(item: HistoricActivity, row: LedgerRow): Promise<Finding> {
    const { activityId, activityName } = item;
    const of = said({ activityInstanceId: item.id, activityId, activityName });
    return {
      ...(await finding(item, 'started', now(), 'processDefinitionId')),
      id: `activity/${item.id}/migrated/${row.seq}`,
      type: 'activity:updated',
      data: { ...of, ...(await definitions.of(item)) },
    };
  }

  async function missing(rows: LedgerRow[]): Promise<Missing> {
    const found: Missing = { findings: [], guesses: [] };
    await Promise.all(
      rows.map(async (row) => {
        const activityInstanceId = row.data.activityInstanceId as string;
        const items = itemsOf<HistoricActivity>(
          PATH,
          await read(PATH, { activityInstanceId, maxResults: 2 }),
        );
        const item = items.find(({ id }) => id === activityInstanceId);
        if (item?.endTime) found.findings.push(await finding(item, 'ended', isoOf(item.endTime), 'ended'));
        else if (!item) found.guesses.push(gone(activityInstanceId, row));
      }),
    );
    return found;
  }

  return {
    kind: 'activity',
    ...spansOf(source),
    count: `${PATH}/count`,
    missing,
  };
}

function gone(id: string, { subject: name, data }: LedgerRow): Finding {
  return guessed({
    id: `activity/${id}/ended`,
    type: 'activity:completed',
    time: now(),
    data: { activityInstanceId: id, activityId: data.activityId },
    subject: name,
    differs: ['gone'],
  });
}
