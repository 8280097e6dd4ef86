import { subject, type TaskData } from '@netbuild/realtime-protocol';
import type { Rest } from '../rest.ts';
import { type Candidates, candidatesOf } from './candidates.ts';
import { instantOf, isoOf } from './dates.ts';
import { type Definition, type Definitions, isOther } from './definitions.ts';
import type { Kind, Missing, Source } from './kind.ts';
import type { Finding, LedgerRow, Note } from './ledger.ts';
import { itemsOf } from './listing.ts';
import { multiInstanceOf } from './multi-instance.ts';
import { digestOf, guessed, now, said } from './said.ts';
import type { HistoricTask, RuntimeTask } from './shapes.ts';
import { spansOf } from './spans.ts';

const HISTORY = '/history/task';

/** Milliseconds by which a sweep takes clocks to differ. */
const TOLERANCE = 60_000;

/** What a task may lose again, and `null` says so. */
const CLEARABLE = ['description', 'assignee', 'owner', 'dueDate', 'followUpDate'] as const;
const COMPARED = ['taskName', 'priority', ...CLEARABLE] as const;

/** Tasks: what has begun, what has changed, what has ended, what is open. */
export function createTasks(
  rest: Pick<Rest, 'read'>,
  definitions: Definitions,
  engine: string | undefined,
): Kind & {
  begun: Source<HistoricTask>;
  changed: Source<RuntimeTask>;
  changedSince(began: Note): Source<RuntimeTask>;
  ended: Source<HistoricTask>;
} {
  const source = (listing: Omit<Source<HistoricTask>['listing'], 'path'>): Source<HistoricTask> => ({
    kind: 'task',
    listing: { path: HISTORY, ...listing },
    judge: async (pairs) => {
      const fresh = pairs.filter(({ item, row }) => !row && !item.endTime).map(({ item }) => item.id);
      const candidates = await candidatesOf(rest, fresh);
      return (
        await Promise.all(pairs.map(({ item, row }) => judge(item, row, item, candidates.get(item.id))))
      ).flat();
    },
  });

  /** @param state the task as the engine has it, from the history or from what runs */
  async function judge(
    item: HistoricTask,
    row: LedgerRow | undefined,
    state: Omit<HistoricTask, 'startTime'> & { lastUpdated?: string | null | undefined },
    candidates: Candidates | undefined,
  ): Promise<Finding[]> {
    if (!row) return [await begun(item, candidates), ...(item.endTime ? [await ended(item)] : [])];
    if (!row.open) return [];
    if (item.endTime) return [await ended(item)];
    const definition = isOther(state, row) ? await definitions.of(state) : {};
    // A version that knew of no approvals has left it without, or a plugin that did.
    const approval = row.data.approval === undefined ? await approvalOf(state) : undefined;
    return differing(state, row, candidates, { ...definition, ...(approval ? { approval } : {}) });
  }

  async function begun(item: HistoricTask, candidates: Candidates | undefined): Promise<Finding> {
    const { users = [], groups = [] } = candidates ?? {};
    const isAny = users.length + groups.length > 0;
    return {
      ...about(item, 'created', 'task:created', isoOf(item.startTime) ?? now(), ['missing']),
      data: {
        ...(await wholeOf(item)),
        ...(isAny ? { candidates: { addUsers: users, addGroups: groups } } : {}),
      },
    };
  }

  async function ended(item: HistoricTask): Promise<Finding> {
    const type = item.deleteReason === 'completed' ? 'task:completed' : 'task:cancelled';
    return {
      ...about(item, 'ended', type, isoOf(item.endTime) ?? now(), ['ended']),
      data: { ...(await wholeOf(item)), ...lackedBy(item), ended: isoOf(item.endTime) },
    };
  }

  /** It has changed at least once: how often, and who did it, is not told. */
  function differing(
    state: Omit<HistoricTask, 'startTime'> & { lastUpdated?: string | null | undefined },
    row: LedgerRow,
    candidates: Candidates | undefined,
    definition: Definition & Pick<TaskData, 'approval'>,
  ): Finding[] {
    const was = row.data as Partial<TaskData>;
    const is = stateOf(state);
    const changed = COMPARED.filter(
      (name) => is[name] !== known(was, name) && (is[name] !== undefined || isClearable(name)),
    );
    const moved = candidates && moves(was, candidates);
    const renamed = Object.keys(definition);
    if (changed.length === 0 && !moved && renamed.length === 0) return [];
    const data = {
      ...(engine === undefined ? {} : { engine }),
      taskId: state.id,
      ...Object.fromEntries(changed.map((name) => [name, is[name] ?? null])),
      ...definition,
      ...(moved ? { candidates: moved } : {}),
    };
    const differs = [...changed, ...renamed, ...(moved ? ['candidates'] : [])];
    const time = isoOf(state.lastUpdated) ?? now();
    const verb = `updated/${row.seq}-${digestOf(data)}`;
    return [guessed({ ...about(state, verb, 'task:updated', time, differs), data })];
  }

  async function wholeOf(item: HistoricTask): Promise<object> {
    return said({
      engine,
      taskId: item.id,
      ...stateOf(item),
      taskDefinitionKey: item.taskDefinitionKey,
      activityInstanceId: item.activityInstanceId,
      parentTaskId: item.parentTaskId,
      created: isoOf(item.startTime),
      processInstanceId: item.processInstanceId,
      rootProcessInstanceId: item.rootProcessInstanceId,
      processDefinitionKey: item.processDefinitionKey,
      ...(await definitions.of(item)),
      approval: await approvalOf(item),
    });
  }

  /** What the model says of a task; where it asks several people, the engine tells which run of that it is. */
  async function approvalOf(
    task: Pick<HistoricTask, 'processDefinitionId' | 'taskDefinitionKey' | 'activityInstanceId'>,
  ): Promise<TaskData['approval']> {
    const modelled = await definitions.approval(task);
    if (!modelled?.isMany || !task.activityInstanceId) return modelled?.settings;
    return { ...modelled.settings, ...(await multiInstanceOf(rest, task.activityInstanceId)) };
  }

  async function past(taskId: string): Promise<HistoricTask | undefined> {
    const items = itemsOf<HistoricTask>(HISTORY, await rest.read(HISTORY, { taskId, maxResults: 2 }));
    return items.find(({ id }) => id === taskId);
  }

  /** @param tolerance milliseconds by which the time of a row may be ahead of the engine's */
  const changed = (tolerance: (row: LedgerRow, domain: string) => number): Source<RuntimeTask> => ({
    kind: 'task',
    listing: { path: '/task', sortBy: 'created', since: 'updatedAfter' },
    async judge(pairs, domain) {
      const news = pairs.filter(({ item, row }) => !row || isNews(item, row, tolerance(row, domain)));
      const candidates = await candidatesOf(
        rest,
        news.map(({ item }) => item.id),
      );
      const findings = pairs.map(async ({ item, row }) => {
        // Only the history knows the root instance and the activity; at level `none` it knows nothing.
        const whole = row ? undefined : await past(item.id);
        return judge({ ...item, startTime: item.created, ...whole }, row, item, candidates.get(item.id));
      });
      return (await Promise.all(findings)).flat();
    },
  });

  async function missing(rows: LedgerRow[]): Promise<Missing> {
    const taskIdIn = rows.map(({ data }) => data.taskId as string);
    const open = itemsOf('/task', await rest.read('/task', { maxResults: taskIdIn.length }, { taskIdIn }));
    const running = new Set(open.map(({ id }) => id));
    const found: Missing = { findings: [], guesses: [] };
    await Promise.all(
      rows.map(async (row, n) => {
        const id = taskIdIn[n]!;
        if (running.has(id)) return;
        const item = await past(id);
        if (item?.endTime) found.findings.push(await ended(item));
        else if (!item) found.guesses.push(gone(id, row));
      }),
    );
    return found;
  }

  return {
    kind: 'task',
    ...spansOf(source),
    changed: changed(() => 0),
    // What has come since was just asked about: twice would be most of a first synchronisation.
    changedSince: (began) =>
      changed(({ first }, domain) => (began.life(domain) && first > began.asOf(domain) ? 0 : TOLERANCE)),
    count: `${HISTORY}/count`,
    missing,
  };
}

/**
 * Whether a task may have other candidates than its row: what is older than the row's last event is in it, by the
 * clock of the same engine. Few rows have a time of another clock (a link that was seen late): a sweep tolerates that
 * these differ.
 */
function isNews({ created, lastUpdated }: RuntimeTask, row: LedgerRow, tolerance: number): boolean {
  return row.open && (instantOf(lastUpdated ?? created) ?? 0) > Date.parse(row.time) - tolerance;
}

/** What a task has lost again, if it ever had it: the row would keep it. */
function lackedBy(task: Omit<HistoricTask, 'startTime'>) {
  const is = stateOf(task);
  return Object.fromEntries(CLEARABLE.flatMap((name) => (is[name] === undefined ? [[name, null]] : [])));
}

function stateOf(task: Omit<HistoricTask, 'startTime'>) {
  return {
    taskName: task.name || undefined,
    description: task.description || undefined,
    assignee: task.assignee || undefined,
    owner: task.owner || undefined,
    priority: task.priority ?? undefined,
    dueDate: isoOf(task.due),
    followUpDate: isoOf(task.followUp),
  };
}

/** Dates are compared by what they say, however they are written. */
function known(was: Partial<TaskData>, name: (typeof COMPARED)[number]): string | number | undefined {
  const isDate = name === 'dueDate' || name === 'followUpDate';
  return isDate ? isoOf(was[name]) : was[name];
}

function isClearable(name: string): boolean {
  return (CLEARABLE as readonly string[]).includes(name);
}

function moves(was: Partial<TaskData>, { users, groups }: Candidates) {
  const { candidateUsers = [], candidateGroups = [] } = was;
  const lacking = (all: string[], known: string[]) => all.filter((name) => !known.includes(name));
  const moved = {
    addUsers: lacking(users, candidateUsers),
    addGroups: lacking(groups, candidateGroups),
    removeUsers: lacking(candidateUsers, users),
    removeGroups: lacking(candidateGroups, groups),
  };
  return Object.values(moved).some((names) => names.length > 0) ? moved : undefined;
}

function about({ id }: { id: string }, verb: string, type: string, time: string, differs: string[]) {
  return { id: `task/${id}/${verb}`, type, time, subject: subject('task', id), differs };
}

function gone(id: string, { subject: name }: LedgerRow): Finding {
  return guessed({
    id: `task/${id}/ended`,
    type: 'task:cancelled',
    time: now(),
    data: { taskId: id },
    subject: name,
    differs: ['gone'],
  });
}
