import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { at } from '../lib/paths.mjs';
import { Problem } from '../lib/problem.mjs';

/** `deploy/compose.yaml` as compose reads it, before variables are filled in. */
export function readCompose() {
  return parse(readFileSync(at('deploy/compose.yaml'), 'utf8'), { merge: true });
}

/**
 * The environment that compose gives to a service, with its variables filled in.
 *
 * @param {string} service such as `websocket-1`
 * @param {Record<string, string>} given what stands in `.env`
 * @throws {Problem} where a variable is needed and not given
 */
export function environmentOf(service, given) {
  const { services } = readCompose();
  if (!services[service]) throw new Problem(`deploy/compose.yaml has no service ${service}.`);
  return Object.fromEntries(
    Object.entries(services[service].environment ?? {}).map(([name, value]) => [
      name,
      fillIn(String(value ?? ''), given),
    ]),
  );
}

/** `${NAME}`, `${NAME:-default}` and `${NAME:?what it is}`, as far as the file uses them. */
function fillIn(text, given) {
  return text.replaceAll(/\$\{(\w+)(?::(-|\?)([^}]*))?\}/g, (_, name, kind, rest) => {
    if (given[name]) return given[name];
    if (kind === '?') throw new Problem(`${name} is missing: ${rest}`);
    return rest ?? '';
  });
}
