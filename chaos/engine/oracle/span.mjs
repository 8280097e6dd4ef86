/** How the log calls what begins and ends once. */
const TYPES = {
  task: { begin: 'task:created', ends: ['task:completed', 'task:cancelled'] },
  process: { begin: 'process:started', ends: ['process:completed', 'process:cancelled'] },
  activity: { begin: 'activity:started', ends: ['activity:completed'] },
  incident: { begin: 'process:error', ends: ['process:error-resolved'] },
};

/**
 * Holds the events of one subject against its beginning and its end in the history: each once, the one first, the
 * other last, in its domain.
 *
 * @param {{ kind: string, id: string, domain: string, end?: string }} wanted `end`: the type of its end; none: it is open
 * @returns {number} the transitions that the history has
 */
export function judgeSpan({ kind, id, domain, end }, events, report) {
  const name = `${kind}/${id}`;
  const { begin, ends } = TYPES[kind];
  const transitions = end ? 2 : 1;
  if (events.length === 0) {
    report('lost', `the log has nothing of ${name}`);
    return transitions;
  }
  const stray = events.find((event) => event.domain !== domain);
  if (stray) report('unexplained', `${name} of ${domain} is in ${stray.domain}`, stray.seq);
  const begins = events.filter(({ type }) => type === begin);
  if (begins.length === 0) report('lost', `${name} has no ${begin}`, events[0].seq);
  else if (begins.length > 1) report('doubled', `${name} has ${begin} at ${seqs(begins)}`, begins[1].seq);
  else if (begins[0] !== events[0])
    report('disordered', `${name} has ${begins[0].type} after ${events[0].type}`, begins[0].seq);

  const wanted = events.filter(({ type }) => type === end);
  const others = events.filter(({ type }) => ends.includes(type) && type !== end);
  if (end && wanted.length === 0) report('lost', `${name} has no ${end}`, events.at(-1).seq);
  if (wanted.length > 1) report('doubled', `${name} has ${end} at ${seqs(wanted)}`, wanted[1].seq);
  if (wanted.length === 1 && wanted[0] !== events.at(-1))
    report('disordered', `${name} has ${events.at(-1).type} after ${end}`, events.at(-1).seq);
  for (const { type, seq } of others)
    report(
      'unexplained',
      `${name} has ${type}, and in the engine ${end ? `it was ${end}` : 'it is open'}`,
      seq,
    );
  return transitions;
}

const seqs = (events) => events.map(({ seq }) => seq).join(' and ');
