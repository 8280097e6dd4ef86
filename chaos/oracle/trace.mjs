import { readFileSync } from 'node:fs';

/** The notes of one process, line by line. */
export function* linesOf(file) {
  const text = readFileSync(file, 'utf8');
  for (let begin = 0; begin < text.length; ) {
    const end = text.indexOf('\n', begin);
    yield JSON.parse(text.slice(begin, end));
    begin = end + 1;
  }
}
