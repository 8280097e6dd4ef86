import { type ProcessData, subject } from '@netbuild/realtime-protocol';
import type { Rest } from '../rest.ts';
import { isoOf } from './dates.ts';
import { isOther } from './definitions.ts';
import type { Kind, Missing, Pair, Source } from './kind.ts';
import type { Finding, LedgerRow } from './ledger.ts';
import { itemsOf } from './listing.ts';
import { guessed, now, said } from './said.ts';
import type { HistoricProcess } from './shapes.ts';
import { spansOf } from './spans.ts';

const PATH = '/history/process-instance';

/** Process instances: what has begun, what has ended, what is open. */
export function createProcesses(
  { read }: Pick<Rest, 'read'>,
  engine: string | undefined,
): Kind & { begun: Source<HistoricProcess>; ended: Source<HistoricProcess> } {
  const source = (listing: Omit<Source<HistoricProcess>['listing'], 'path'>): Source<HistoricProcess> => ({
    kind: 'process',
    listing: { path: PATH, ...listing },
    judge: (pairs) => pairs.flatMap((pair) => judge(pair)),
  });

  function judge({ item, row }: Pair<HistoricProcess>): Finding[] {
    if (row && !row.open) return [];
    if (item.endTime) return [...(row ? [] : [begun(item)]), ended(item)];
    return row ? differing(item, row) : [begun(item), ...suspension(item, undefined)];
  }

  function differing(item: HistoricProcess, row: LedgerRow): Finding[] {
    const { businessKey } = row.data as Partial<ProcessData>;
    const isLinked = item.businessKey && item.businessKey !== businessKey;
    const isMigrated = isOther(item, row);
    return [
      // Something was heard of it, but not its start.
      ...(row.data.started === undefined ? [begun(item)] : []),
      ...suspension(item, row),
      ...(isMigrated
        ? [finding(item, `migrated/${row.seq}`, 'process:updated', now(), ['processDefinitionId'])]
        : []),
      ...(isLinked ? [finding(item, `linked/${row.seq}`, 'process:linked', now(), ['businessKey'])] : []),
    ].map((found) => (found.type === 'process:started' ? found : guessed(found)));
  }

  /** The engine tells neither when nor by whom. */
  function suspension(item: HistoricProcess, row: LedgerRow | undefined): Finding[] {
    const wasSuspended = row?.data.state === 'suspended';
    if ((item.state === 'SUSPENDED') === wasSuspended) return [];
    const verb = wasSuspended ? 'resumed' : 'suspended';
    return [guessed(finding(item, `${verb}/${row?.seq ?? 0}`, `process:${verb}`, now(), ['state']))];
  }

  const begun = (item: HistoricProcess): Finding =>
    finding(item, 'started', 'process:started', isoOf(item.startTime) ?? now(), ['missing']);

  function ended(item: HistoricProcess): Finding {
    const type = isCompleted(item) ? 'process:completed' : 'process:cancelled';
    return finding(item, 'ended', type, isoOf(item.endTime) ?? now(), ['ended']);
  }

  function finding(item: HistoricProcess, verb: string, type: string, time: string, differs: string[]) {
    const data = said({
      engine,
      processInstanceId: item.id,
      rootProcessInstanceId: item.rootProcessInstanceId,
      superProcessInstanceId: item.superProcessInstanceId,
      processDefinitionId: item.processDefinitionId,
      processDefinitionKey: item.processDefinitionKey,
      processDefinitionName: item.processDefinitionName,
      processDefinitionVersion: item.processDefinitionVersion,
      businessKey: item.businessKey,
      startedBy: item.startUserId,
      started: isoOf(item.startTime),
      ...(verb === 'ended' ? { ended: isoOf(item.endTime), deleteReason: item.deleteReason } : {}),
    });
    return {
      id: `process/${item.id}/${verb}`,
      type,
      time,
      data,
      subject: subject('process', item.id),
      differs,
    };
  }

  async function missing(rows: LedgerRow[]): Promise<Missing> {
    const ids = rows.map(({ data }) => data.processInstanceId as string);
    const page = { maxResults: ids.length };
    const body = { processInstanceIds: ids };
    const open = itemsOf('/process-instance', await read('/process-instance', page, body));
    const past = itemsOf<HistoricProcess>(PATH, await read(PATH, page, body));
    const running = new Set(open.map(({ id }) => id));
    const known = new Map(past.map((item) => [item.id, item]));
    const found: Missing = { findings: [], guesses: [] };
    for (const [n, id] of ids.entries()) {
      if (running.has(id)) continue;
      const item = known.get(id);
      if (item?.endTime) found.findings.push(ended(item));
      // In the history alone it has ended between the two questions; the next sweep tells.
      else if (!item) found.guesses.push(gone(id, rows[n]!));
    }
    return found;
  }

  return {
    kind: 'process',
    ...spansOf(source),
    count: `${PATH}/count`,
    missing,
  };
}

/**
 * One that is suspended, or activated again, while its last command runs keeps that for its state in the history, though
 * it has ended: who deletes leaves a reason, as a rule.
 */
function isCompleted({ state, deleteReason }: HistoricProcess): boolean {
  return state === 'COMPLETED' || ((state === 'SUSPENDED' || state === 'ACTIVE') && !deleteReason);
}

function gone(id: string, { subject: name }: LedgerRow): Finding {
  return guessed({
    id: `process/${id}/ended`,
    type: 'process:cancelled',
    time: now(),
    data: { processInstanceId: id },
    subject: name,
    differs: ['gone'],
  });
}
