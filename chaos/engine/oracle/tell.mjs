/** Subjects that are told of. */
const MOST = 3;

/**
 * Tells what the log and the engine have of the first subjects that something is wrong with.
 *
 * @param {{ sentences: string[], subjects: Map<string, { events: object[] }>, tables: Record<string, object[]>, say: (line: string) => void }} call
 */
export function tellSubject({ sentences, subjects, tables, say }) {
  const named = sentences.flatMap(
    (sentence) => /\b(task|process|activity|incident)\/([\w:-]+)/.exec(sentence) ?? [],
  );
  const names = [...new Set(named.filter((name) => name.includes('/')))].slice(0, MOST);
  for (const name of names) {
    const id = name.slice(name.indexOf('/') + 1);
    say(`\nThe log of ${name}:`);
    for (const { domain, seq, type, id: event, data } of subjects.get(name)?.events ?? [])
      say(`  ${domain} ${seq}  ${type}  ${event}  ${JSON.stringify(data)}`);
    say('The engine:');
    for (const [table, rows] of Object.entries(tables))
      if (Array.isArray(rows))
        for (const row of rows)
          if (row.id === id || row.taskId === id) say(`  ${table}  ${JSON.stringify(stated(row))}`);
  }
}

const stated = (row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
