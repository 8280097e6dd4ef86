import { chainLine, changesOf, differenceOf, isSameSet } from './compare.mjs';
import { judgeSpan } from './span.mjs';

/** The fields that hold times. */
const TIMES = new Set(['dueDate', 'followUpDate']);

/** Holds a task's events and its row against the engine's tables. */
export function judgeTask(task, { events, row }, { linksOf, excepts, report }) {
  const name = `task/${task.id}`;
  const end = task.isOpen ? undefined : `task:${task.state}`;
  let transitions = judgeSpan({ kind: 'task', id: task.id, domain: task.domain, end }, events, report);
  if (events.length === 0) return transitions;

  for (const [field, { values, isClear }] of Object.entries(task.chains)) {
    if (!isClear) {
      report('unjudged', `the engine's operations on ${name} do not say how its ${field} came about`);
      continue;
    }
    transitions += values.length - 1;
    const told = changesOf(events.map(({ data }) => shownIn(data, field)));
    const kind = differenceOf(values, told);
    if (kind === undefined || excepts(kind, values, told)) continue;
    report(
      kind,
      `${field} of ${name} was ${chainLine(values)}, and the log has ${chainLine(told)}`,
      events.at(-1).seq,
    );
  }
  if (!isSameOrder(task.chains.assignee.values, task.assignees))
    report('unjudged', `the engine's links and its operations on ${name} name other assignees`);

  transitions += judgeCandidacies(task, events, { excepts, report });
  if (task.isOpen) judgeRow(task, row, { linksOf, report });
  return transitions;
}

/** The engine also writes down who is made what they are already. */
function isSameOrder(values, links) {
  const named = changesOf(values.filter((value) => value !== undefined));
  const added = changesOf(links.filter(({ isAdded }) => isAdded).map(({ who }) => who.slice('user:'.length)));
  return named.length === added.length && named.every((name, i) => name === added[i]);
}

function judgeCandidacies(task, events, { excepts, report }) {
  let transitions = 0;
  const told = new Set(events.flatMap(({ data }) => [...candidatesOf(data)]));
  for (const who of new Set([...task.candidacies.keys(), ...told])) {
    const { added, removed } = task.candidacies.get(who) ?? { added: 0, removed: 0 };
    transitions += added + removed;
    const states = [false, ...events.map(({ data }) => candidatesOf(data).has(who))];
    const counted = (to) => states.filter((is, i) => i > 0 && is === to && states[i - 1] !== to).length;
    for (const [what, wanted, got] of [
      ['added', added, counted(true)],
      ['removed', removed, counted(false)],
    ]) {
      const kind =
        got < wanted ? 'lost' : got === wanted ? undefined : wanted > 0 ? 'doubled' : 'unexplained';
      if (kind === undefined || excepts(kind, wanted, got)) continue;
      const sentence = `${who} was ${what} ${wanted} times as a candidate of task/${task.id}, and the log has ${got}`;
      report(kind, sentence, events.at(-1).seq);
    }
  }
  return transitions;
}

const candidatesOf = ({ candidateUsers = [], candidateGroups = [] }) =>
  new Set([
    ...candidateUsers.map((user) => `user:${user}`),
    ...candidateGroups.map((group) => `group:${group}`),
  ]);

/** Holds the row of an open task against the task. */
function judgeRow(task, row, { linksOf, report }) {
  const name = `task/${task.id}`;
  const { data } = row;
  const differ = (field, is, wanted) =>
    report('stale', `${field} of ${name} is ${wanted ?? 'none'}, and its row has ${is ?? 'none'}`, row.seq);
  if (data.state !== 'open') return differ('state', data.state, 'open');
  for (const [field, wanted] of Object.entries(task.fields)) {
    const is = shownIn(data, field);
    if (is !== wanted) differ(field, is, wanted);
  }
  for (const [field, is, wanted] of [
    ['candidateUsers', data.candidateUsers, task.candidates.users],
    ['candidateGroups', data.candidateGroups, task.candidates.groups],
  ])
    if (!isSameSet(is, wanted)) differ(field, is, wanted);
  for (const [field, wanted] of Object.entries(linksOf(task.instance)))
    if (data[field] !== wanted) differ(field, data[field], wanted);
}

function shownIn(data, field) {
  const value = data[field];
  return value !== undefined && TIMES.has(field) ? Date.parse(value) : value;
}
