/**
 * Values that no program should ever be sent, and values that almost fit a schema.
 * What is JSON comes as text, since some of it no object of JavaScript can be.
 */

const LONG = 'x'.repeat(70_000);

const TEXTS = [
  '',
  ' ',
  '\u0000',
  '\ud83d',
  'a\u2028b',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '../../etc/passwd',
  '%00%0a%0d',
  '\u0024{7*7}',
  "'; drop table events; --",
  '<img src=x onerror=alert(1)>',
  '[a](javascript:alert(1)) ![](//x/y) <script>',
  '> '.repeat(2000),
  `${'['.repeat(2000)}${'*_`'.repeat(500)}`,
  '*',
  'user:*',
  ':',
  '::::',
  'NaN',
  '-1',
  '9'.repeat(40),
  '🦄'.repeat(3000),
  LONG,
];

const NUMBERS = [
  0,
  -0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e308,
  -1e308,
  1e-320,
  Number.MAX_SAFE_INTEGER,
];

/** Now, which no log finds too old, and times at the edges of what is one. */
const TIMES = [
  new Date().toISOString(),
  '0000-01-01T00:00:00+23:59',
  '9999-12-31T23:59:59-23:59',
  '1969-12-31T23:59:59.999999999999Z',
];

/** Texts that have to have a form. */
const FORMED = ['EUR', 'application/json', 'x1', 'x:any'];

/** JSON that is odd as text: doubled and polluting keys, depth, width, numbers beyond what a double holds. */
const ODD = [
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"a":1,"a":2,"commandId":"x","commandId":{}}',
  '{"toJSON":1,"then":1,"valueOf":1,"length":1e9}',
  '{"_placeholder":true,"num":0}',
  '{"_placeholder":true,"num":-1}',
  '{"_placeholder":true,"num":1e9}',
  '1e999',
  '12345678901234567890123456789',
  `${'['.repeat(2000)}${']'.repeat(2000)}`,
  `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`,
  `[${'0,'.repeat(10_000)}0]`,
  '"\\ud800"',
  '"\\u0000"',
  'null',
  'true',
  '[]',
  '{}',
];

/**
 * @param {ReturnType<import('../../scripts/lib/random.mjs').randomOf>} random
 * @param {string[]} known names that stand for something: ids and rooms of those who work here
 */
export function valuesOf(random, known) {
  const text = () =>
    random.next() < 0.4
      ? random.pick(known)
      : random.next() < 0.5
        ? random.pick(TEXTS)
        : bytes(random.between(0, 40)).toString('latin1');
  /** A name that is somebody's, mostly. */
  const name = () => (random.next() < 0.7 ? random.pick(known) : text());
  /** A time, in most cases one of these days. */
  const time = () => (random.next() < 0.7 ? TIMES[0] : random.pick(TIMES));
  const bytes = (length) => Buffer.from(Array.from({ length }, () => random.below(256)));

  /** Any JSON, as text. */
  function any(depth = 0) {
    const kind = random.weighed({
      text: 5,
      number: 2,
      odd: 3,
      array: depth < 4 ? 1 : 0,
      object: depth < 4 ? 2 : 0,
    });
    if (kind === 'text') return JSON.stringify(text());
    if (kind === 'number') return String(random.pick(NUMBERS));
    if (kind === 'odd') return random.pick(ODD);
    const parts = Array.from({ length: random.below(5) }, () => any(depth + 1));
    if (kind === 'array') return `[${parts}]`;
    return `{${parts.map((part) => `${JSON.stringify(text())}:${part}`)}}`;
  }

  /** What a JSON schema asks for, as text; `twist`: how likely each part of it is something else. */
  function fitting(schema, twist = 0.15, root = schema, depth = 0) {
    if (random.next() < twist || depth > 8) return any(depth);
    const { $ref: reference, anyOf, oneOf, allOf, const: only, enum: among, type } = schema ?? {};
    const inside = (part) => fitting(part, twist, root, depth + 1);
    if (reference) return inside(resolve(root, reference));
    if (anyOf ?? oneOf) return inside(random.pick(anyOf ?? oneOf));
    if (allOf) return inside(Object.assign({}, ...allOf));
    if (only !== undefined) return JSON.stringify(only);
    if (among) return JSON.stringify(random.pick(among));
    switch (Array.isArray(type) ? random.pick(type) : type) {
      case 'object':
        return object(schema, inside);
      case 'array':
        return `[${Array.from({ length: random.below(4) }, () => inside(schema.items ?? {}))}]`;
      case 'string':
        return JSON.stringify(string(schema));
      case 'integer':
      case 'number':
        return String(random.next() < 0.5 ? random.below(1000) : random.pick(NUMBERS));
      case 'boolean':
        return String(random.next() < 0.5);
      case 'null':
        return 'null';
      default:
        return any(depth);
    }
  }

  function string({ format, pattern }) {
    if (format === 'date-time') return time();
    const fit = pattern === undefined ? [] : FORMED.filter((one) => new RegExp(pattern).test(one));
    if (fit.length > 0) return random.pick(fit);
    return random.next() < 0.5 ? name() : text();
  }

  function object({ properties = {}, required = [], additionalProperties }, inside) {
    const fields = Object.entries(properties)
      .filter(([name]) => required.includes(name) || random.next() < 0.6)
      .map(([name, schema]) => `${JSON.stringify(name)}:${inside(schema)}`);
    if (typeof additionalProperties === 'object' || random.next() < 0.1)
      fields.push(`${JSON.stringify(text())}:${inside(additionalProperties || {})}`);
    return `{${fields}}`;
  }

  return { text, name, time, bytes, any, fitting };
}

function resolve(root, reference) {
  return reference
    .replace(/^#\//, '')
    .split('/')
    .reduce((at, name) => at?.[name.replaceAll('~1', '/').replaceAll('~0', '~')], root);
}
