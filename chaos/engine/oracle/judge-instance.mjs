import { chainLine, changesOf, differenceOf } from './compare.mjs';
import { judgeSpan } from './span.mjs';

const STANDSTILLS = { 'process:suspended': 'suspended', 'process:resumed': 'resumed' };

/** Holds an instance's events and its row against the engine's tables. */
export function judgeInstance(instance, { events, row }, { linksOf, excepts, report }) {
  const { id, domain, isOpen, state, standstills } = instance;
  const name = `process/${id}`;
  const end = isOpen ? undefined : `process:${state}`;
  const transitions = judgeSpan({ kind: 'process', id, domain, end }, events, report) + standstills.length;
  if (events.length === 0) return transitions;
  const was = ['resumed', ...standstills];
  const told = changesOf(['resumed', ...events.flatMap(({ type }) => STANDSTILLS[type] ?? [])]);
  const kind = differenceOf(was, told);
  // Whether it still stood still does not matter to its end.
  if (kind && !excepts(kind, was, told, { isLastToldOf: isOpen }))
    report(kind, `${name} was ${chainLine(was)}, and the log has ${chainLine(told)}`, row.seq);
  if (!isOpen) return transitions;
  const wanted = { state, ...linksOf(id) };
  for (const [field, value] of Object.entries(wanted))
    if (row.data[field] !== value)
      report(
        'stale',
        `${field} of ${name} is ${value ?? 'none'}, and its row has ${row.data[field] ?? 'none'}`,
        row.seq,
      );
  return transitions;
}
