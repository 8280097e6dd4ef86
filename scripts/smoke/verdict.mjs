/**
 * Compares what the engine says with what a screen showed.
 *
 * @param {string} who whose screen
 * @param {Awaited<ReturnType<typeof import('./history.mjs').whatHappened>>} history
 * @param {{ lines: { id: string, type: string, seq: number, copies: number }[], cards: { taskId: string, assignee: string }[], order: number[] }} screen
 *   `order`: the sequence numbers of the lines as they stand on the screen at the end
 * @returns {string[]} each fault as a sentence; none: the screen told the truth
 */
export function judge(who, history, screen) {
  return [
    ...history.flatMap((subject) => judgeSubject(who, subject, screen)),
    ...judgeDoubles(who, screen),
    ...judgeOrder(who, screen.order),
  ];
}

/**
 * Compares what a screen showed with what the story tells beside the engine.
 *
 * @param {{ type: string, times?: number }[]} story in the order of their first; without `times` it may be repeated
 * @param {{ lines: object[], turns?: object[] }} screen `turns`: what lines were that stand still while they change
 * @returns {string[]}
 */
export function judgeStory(who, story, { lines, turns = [] }) {
  const firsts = story.map(({ type, times }) => {
    const seen = [...lines, ...turns].filter((line) => line.type === type);
    const isRight = times === undefined ? seen.length > 0 : new Set(seen.map(({ id }) => id)).size === times;
    const first = Math.min(...seen.map(({ seq }) => seq));
    return {
      type,
      first,
      fault: isRight ? [] : [`${who} saw ${type} ${seen.length} times, not ${times ?? 'once or more'}`],
    };
  });
  const faults = firsts.flatMap(({ fault }) => fault);
  const at = firsts.findIndex(({ first }, i) => i > 0 && first < firsts[i - 1].first);
  return faults.length === 0 && at > 0
    ? [`${who} saw ${firsts[at].type} before ${firsts[at - 1].type}: out of order`]
    : faults;
}

/** Each of these takes the place of the one before: who was away is told the last one alone. */
const PASSING = ['agent:thinking', 'message:appended'];

/** What one screen has, messages too, the others must have: @param {Record<string, { lines: { id: string, type: string }[] }>} records by person */
export function judgeTogether(records) {
  const all = new Map(
    Object.values(records).flatMap(({ lines }) => lines.map((line) => [line.id, line.type])),
  );
  return Object.entries(records).flatMap(([who, { lines }]) => {
    const own = new Set(lines.map(({ id }) => id));
    return [...all]
      .filter(([id, type]) => !own.has(id) && !PASSING.includes(type))
      .map(([id, type]) => `${who} never saw ${type} ${id}`);
  });
}

function judgeSubject(who, { subject, steps }, { lines, cards }) {
  const faults = [];
  const prefix = `engine/default/${subject}/`;
  const own = lines.filter(({ id }) => id.startsWith(prefix)).sort((a, b) => a.seq - b.seq);
  const told = own.map(({ type }) => type).filter((type) => steps.some((step) => step.type === type));
  const happened = steps.map(({ type }) => type);
  for (const { key, type } of steps) {
    if (key !== undefined && !own.some((line) => line.id.startsWith(`${key}#`) && line.type === type)) {
      faults.push(`${who} never saw ${type} of ${subject}`);
    }
  }
  if (faults.length === 0 && told.join() !== happened.join()) {
    faults.push(`${who} saw ${subject} as ${told.join(', ')}; the engine says ${happened.join(', ')}`);
  }
  const assignees = steps.flatMap(({ assignee }) => assignee ?? []);
  const id = subject.slice(subject.indexOf('/') + 1);
  const shown = cards.filter((card) => card.taskId === id).map(({ assignee }) => assignee);
  if (subject.startsWith('task/') && !inOrder(assignees, shown)) {
    faults.push(
      `${who} saw ${subject} with ${collapse(shown).join(' → ')}; the engine gave it to ${assignees.join(' → ')}`,
    );
  }
  return faults;
}

/** Whether the wanted values occur in this order; others may lie between. */
function inOrder(wanted, shown) {
  let next = 0;
  for (const value of shown) if (value === wanted[next]) next++;
  return next === wanted.length;
}

const collapse = (values) =>
  values.filter((value, i) => value !== values[i - 1]).map((value) => value || 'nobody');

function judgeDoubles(who, { lines }) {
  const times = new Map();
  for (const { id } of lines) times.set(id, (times.get(id) ?? 0) + 1);
  const again = [...times]
    .filter(([, count]) => count > 1)
    .map(([id, count]) => `${who} saw ${id} appear ${count} times`);
  const doubled = lines
    .filter(({ copies }) => copies > 1)
    .map(({ id }) => `${who} had ${id} on the screen twice`);
  return [...again, ...doubled];
}

function judgeOrder(who, order) {
  const at = order.findIndex((seq, i) => i > 0 && seq <= order[i - 1]);
  return at < 0 ? [] : [`${who} has ${order[at]} below ${order[at - 1]} on the screen: out of order`];
}
