import { StringDecoder } from 'node:string_decoder';

/** Writes one line for the person who runs the script. */
export function say(line = '') {
  process.stdout.write(`${line}\n`);
}

/** A time as people read it: `840 ms`, `12.3 s`, `2 min 5 s`. */
export function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** Each line indented, so that what a command said stands apart from what the script says. */
export function indent(text) {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}

/** Keeps the last lines of a stream of text, however much comes. */
export function tailOf(lines = 40, limit = 64_000) {
  let text = '';
  const decoder = new StringDecoder('utf8');
  return {
    add(chunk) {
      text = (text + decoder.write(chunk)).slice(-limit);
    },
    get text() {
      return text.trimEnd().split('\n').slice(-lines).join('\n');
    },
  };
}
