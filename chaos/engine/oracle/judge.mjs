import { judgeInstance } from './judge-instance.mjs';
import { judgeTask } from './judge-task.mjs';
import { judgeSpan } from './span.mjs';

const NOTHING = { events: [], row: undefined };

/** Nothing is excepted where the plugin captures. */
const everything = () => false;

/**
 * Holds the log against the engine's own tables: each transition that the history has exactly once, in its subject's
 * order; the rows as the engine is now; and nothing that the engine does not know, since it was rolled back or never was.
 *
 * @param {ReturnType<import('./ledger.mjs').ledgerOf>} ledger
 * @param {Map<string, { events: object[], row: object }>} subjects what the log has of each
 * @param {{ report: (kind: string, sentence: string, seq?: number) => void, excepts?: Function }} tools
 *   `excepts`: whether a difference is one that the capture under test says it can not see
 * @returns {number} the transitions that the history has
 */
export function judgeLedger(ledger, subjects, { report, excepts = everything }) {
  const instances = new Map(ledger.instances.map((instance) => [instance.id, instance]));
  /** What everything open in an instance takes over from it: its business key, and the execution that its root is linked to. */
  const linksOf = (id) => {
    const instance = instances.get(id);
    if (!instance) return {};
    return { businessKey: instance.businessKey, executionId: instances.get(instance.root)?.businessKey };
  };
  const tools = { linksOf, excepts, report };
  const judged = new Set();
  const toldOf = (kind, id) => {
    const subject = `${kind}/${id}`;
    judged.add(subject);
    const told = subjects.get(subject) ?? NOTHING;
    const last = told.events.at(-1);
    if (last && told.row?.seq !== last.seq)
      report(
        'stale',
        `the row of ${subject} is of ${told.row?.seq}, its last event of ${last.seq}`,
        last.seq,
      );
    return told;
  };
  const sum = (list, judge) => list.reduce((total, one) => total + judge(one), 0);
  const transitions =
    sum(ledger.instances, (one) => judgeInstance(one, toldOf('process', one.id), tools)) +
    sum(ledger.tasks, (one) => judgeTask(one, toldOf('task', one.id), tools)) +
    sum(ledger.activities, (one) => judgeActivity(one, toldOf('activity', one.id), tools)) +
    sum(ledger.incidents, (one) => judgeIncident(one, toldOf('incident', one.id), tools));
  for (const [subject, { events }] of subjects)
    if (!judged.has(subject))
      report('unexplained', `the engine knows nothing of ${subject} (${events[0].type})`, events[0].seq);
  return transitions;
}

function judgeActivity(activity, { events, row }, { linksOf, report }) {
  const { id, domain, isOpen, instance } = activity;
  const end = isOpen ? undefined : 'activity:completed';
  const transitions = judgeSpan({ kind: 'activity', id, domain, end }, events, report);
  if (!row) return transitions;
  const { activityId, calledProcessInstanceId, canceled } = activity;
  const wanted = {
    activityId,
    calledProcessInstanceId,
    ...(isOpen ? linksOf(instance) : { canceled }),
  };
  judgeRow(`activity/${id}`, row, wanted, report);
  return transitions;
}

function judgeIncident(incident, { events, row }, { linksOf, report }) {
  const { id, domain, isOpen, instance, message } = incident;
  const end = isOpen ? undefined : 'process:error-resolved';
  const transitions = judgeSpan({ kind: 'incident', id, domain, end }, events, report);
  if (row)
    judgeRow(
      `incident/${id}`,
      row,
      { message: message?.slice(0, 4000), ...(isOpen ? linksOf(instance) : {}) },
      report,
    );
  return transitions;
}

function judgeRow(name, { seq, data }, wanted, report) {
  for (const [field, value] of Object.entries(wanted))
    if (data[field] !== value)
      report(
        'stale',
        `${field} of ${name} is ${value ?? 'none'}, and its row has ${data[field] ?? 'none'}`,
        seq,
      );
}
