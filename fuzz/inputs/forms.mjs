import { FIELD_KINDS, TIMES } from '../../packages/gateway/src/forms/fields.ts';

/** Of what a deployed form may hold of expressions and patterns: some that take for ever, some that come to what is none. */
const PATTERNS = ['^(a+)+$', '^x', '.', '[a-z]+', '', '(?<n>.)\\k<n>', '='];
const EXPRESSIONS = [
  '=a',
  '=b = "x"',
  '={a: 1}',
  '=function(x) x',
  '=[a, b]',
  '=duration("P1D")',
  '=(',
  '=1/0',
];
const SLOW = '=count(for i in 1..100000000 return i) > 3';

/** Numbers as texts, as a field may have them that keeps every digit. */
const NUMERALS = [
  ...['0x10', 'Infinity', '+5', ' ', '.5', '5.', '1e5', '1e-999999999', '1e999999999', '-0', '1_0'],
  ...[
    '9'.repeat(400),
    `0.${'0'.repeat(5000)}1`,
    `${'a'.repeat(60)}!`,
    '24:00',
    '2026-01-01',
    '2026-02-30T25:61',
  ],
];

const KEYS = ['a', 'b', 'c', 'd'];

/**
 * Forms as somebody has deployed them, by the kinds of fields and rules that there are, and what is filled in there.
 *
 * @param {ReturnType<import('../../scripts/lib/random.mjs').randomOf>} random
 * @param {ReturnType<import('./values.mjs').valuesOf>} values
 */
export function formsOf(random, values) {
  const kinds = Object.keys(FIELD_KINDS);

  /** As JSON. */
  function value() {
    const kind = random.weighed({ numeral: 4, number: 3, text: 2, any: 3 });
    if (kind === 'numeral') return JSON.stringify(random.pick(NUMERALS));
    if (kind === 'number') return String(random.between(-3, 12) / random.pick([1, 10]));
    return kind === 'text' ? JSON.stringify(values.name()) : values.any();
  }

  /** Mostly of the sort that a rule of this name has. */
  function rule(name) {
    const sort = random.next() < 0.9 ? name : '';
    if (sort === 'required') return String(random.next() < 0.5);
    if (sort === 'validationType') return JSON.stringify(random.pick(['email', 'phone', 'custom', '']));
    if (sort === 'pattern') return JSON.stringify(random.pick(PATTERNS));
    if (/^min|^max/.test(sort) && random.next() < 0.4) return JSON.stringify(random.pick(EXPRESSIONS));
    return sort === 'patternErrorMessage' ? JSON.stringify(values.text()) : step();
  }

  const step = () => (random.next() < 0.8 ? String(random.below(30) / random.pick([1, 10])) : value());

  const expression = () => JSON.stringify(random.next() < 0.02 ? SLOW : random.pick(EXPRESSIONS));
  const object = (fields) =>
    `{${Object.entries(fields).map(([name, json]) => `${JSON.stringify(name)}:${json}`)}}`;
  const now = (likely, field) => (random.next() < likely ? field() : {});

  function field(key) {
    const type = random.pick(kinds);
    const rules = FIELD_KINDS[type].rules.filter(() => random.next() < 0.3);
    return object({
      type: random.next() < 0.98 ? JSON.stringify(type) : values.any(),
      key: JSON.stringify(key),
      ...now(0.6, () => ({ validate: object(Object.fromEntries(rules.map((name) => [name, rule(name)]))) })),
      ...now(0.02, () => ({ validate: values.any() })),
      ...now(0.3, () => ({ defaultValue: value() })),
      ...now(0.2, () => ({ conditional: object({ hide: expression() }) })),
      ...now(0.1, () => ({ readonly: expression() })),
      ...now(0.5, () => ({ serializeToString: 'true' })),
      ...now(0.3, () => ({ increment: step() })),
      ...now(0.3, () => ({ decimalDigits: step() })),
      subtype: JSON.stringify(random.pick(Object.keys(TIMES))),
      ...(random.next() < 0.7
        ? { values: `[${Array.from({ length: random.below(4) }, value)}]` }
        : { valuesKey: JSON.stringify(random.pick(KEYS)) }),
    });
  }

  const some = (make) => KEYS.filter(() => random.next() < 0.6).map(make);

  return {
    /** A schema, as JSON. */
    schema() {
      if (random.next() < 0.03) return values.any();
      const fields = some(field);
      const components = random.next() < 0.1 ? [`{"type":"group","components":[${fields}]}`] : fields;
      return `{"type":"default","components":[${components}]}`;
    },
    /** What the engine has of its variables, as JSON. */
    variables: () =>
      object(
        Object.fromEntries(
          some((key) => [
            key,
            object({
              type: JSON.stringify(random.pick(['String', 'Json', 'Date', 'Long', 'Null'])),
              value: value(),
            }),
          ]),
        ),
      ),
    /** What is filled in, as JSON. */
    data: () =>
      random.next() < 0.05
        ? values.any()
        : object(Object.fromEntries(some((key) => [key, random.next() < 0.4 ? 'null' : value()]))),
  };
}
