// @vitest-environment happy-dom
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkFilledIn, initialValues } from '../src/forms/filled-in.ts';
import { readForm } from '../src/forms/schema.ts';

/*
 * What is checked here and what form-js checks is the same: the same forms are filled in in both, form-js's own code
 * being loaded into a page. It comes as CommonJS since its other build names files that Node does not find.
 */
const require = createRequire(import.meta.url);
const { Form } = require('@bpmn-io/form-js-viewer') as { Form: new (options: object) => FormJs };

interface Instance {
  id: string;
  instanceId: string;
}

interface FormJs {
  importSchema(schema: object, data: object): Promise<unknown>;
  submit(): { data: Values; errors: Record<string, string[]> };
  get(service: 'formFieldInstanceRegistry'): { getAll(): Instance[] };
  _update(update: { fieldInstance: Instance; value: unknown }): void;
  _getState(): { data: Values };
  destroy(): void;
}

type Values = Record<string, unknown>;
interface Component extends Values {
  id: string;
  key?: string;
  type: string;
  components?: Component[];
}

// Nobody looks, so no frame has to be waited for.
globalThis.requestAnimationFrame = (callback) => Number(setImmediate(callback, 0));

/** It renders in a turn of its own, and once more after its effects. */
const rendered = async () => {
  for (let i = 0; i < 3; i++) await new Promise((turn) => setImmediate(turn));
};

/** Fills in a form as a person does: what is shown, field by field. */
async function byFormJs(components: Component[], known: Values, filledIn: Values) {
  const container = document.createElement('div');
  document.body.appendChild(container);
  const form = new Form({ container });
  try {
    await form.importSchema({ type: 'default', components }, known);
    await rendered();
    const shown = () =>
      new Map(
        form
          .get('formFieldInstanceRegistry')
          .getAll()
          .map((one) => [one.id, one]),
      );
    const said: Values = {};
    for (let before = -1; before < Object.keys(said).length; ) {
      before = Object.keys(said).length;
      for (const key of Object.keys(filledIn).filter((one) => !Object.hasOwn(said, one))) {
        const fieldInstance = shown().get(key);
        if (!fieldInstance) continue;
        said[key] = filledIn[key];
        form._update({ fieldInstance, value: filledIn[key] });
        await rendered();
      }
    }
    // What is filled in and then hidden is not said: here that would be another submission.
    const isStill = Object.keys(said).every((key) => shown().has(key));
    const { data, errors } = form.submit();
    return { data, errors, said, isStill };
  } finally {
    form.destroy();
    container.remove();
  }
}

/** The same, here. */
function byUs(components: Component[], known: Values, filledIn: Values) {
  try {
    const form = readForm({ type: 'default', components });
    return { data: checkFilledIn(form, known, filledIn), errors: {} };
  } catch (error) {
    const { faults = [] } = error as { faults?: { field: string; message: string }[] };
    if (faults.length === 0) throw error;
    const errors: Record<string, string[]> = {};
    for (const { field, message } of faults) {
      const key = field.slice('data.'.length);
      errors[key] = [...(errors[key] ?? []), message];
    }
    return { data: undefined, errors };
  }
}

const values = [
  { label: 'A', value: 'a' },
  { label: 'B', value: 'b' },
  { label: 'Seven', value: 7 },
];
const limit = fc.constantFrom<unknown>(0, 1, 3, '2', '=n0 + 1', '=nothing', undefined);
const word = fc.constantFrom(
  ...[
    '',
    'a',
    '   ',
    ' ab ',
    'abc',
    'abcdef',
    '12',
    'a@b.cc',
    'a@',
    '+4930664040900',
    '0049 30',
    'x'.repeat(20),
    '0',
  ],
);
const numeral = fc.oneof(
  fc.constantFrom<number | null>(null, 0, -1, 1, 2, 3.5, 0.25, 1e-7, 100),
  // What is filled in comes as JSON, which is not written with a zero below zero: form-js makes one of both, too.
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map((n) => (n === 0 ? 0 : n)),
);
const required = fc.constantFrom<boolean | undefined>(true, false, undefined);

/** A field of each kind, and what may be filled in there. */
const KINDS: Record<string, { more: fc.Arbitrary<Values>; value: fc.Arbitrary<unknown> }> = {
  textfield: {
    more: fc.record({
      validate: fc.record(
        {
          required,
          minLength: limit,
          maxLength: limit,
          pattern: fc.constantFrom('^a', '\\d+', '', '=x'),
          validationType: fc.constantFrom('email', 'phone', 'custom', ''),
          patternErrorMessage: fc.constantFrom('Not so.', ''),
        },
        { requiredKeys: [] },
      ),
    }),
    value: word,
  },
  textarea: {
    more: fc.record({
      validate: fc.record({ required, minLength: limit, maxLength: limit }, { requiredKeys: [] }),
    }),
    value: word,
  },
  number: {
    more: fc.record(
      {
        decimalDigits: fc.constantFrom(0, 1, 2),
        increment: fc.constantFrom<unknown>(1, '0.5', 0),
        validate: fc.record({ required, min: limit, max: limit }, { requiredKeys: [] }),
      },
      { requiredKeys: [] },
    ),
    value: numeral,
  },
  checkbox: { more: fc.record({ validate: fc.record({ required }) }), value: fc.boolean() },
  select: { more: fc.record({ values: fc.constant(values) }), value: fc.constantFrom('a', 'b', 7, null) },
  radio: {
    more: fc.record({ values: fc.constant(values), validate: fc.record({ required }) }),
    value: fc.constantFrom('a', 'b', 7, null),
  },
  checklist: {
    more: fc.record({ valuesKey: fc.constant('list'), validate: fc.record({ required }) }),
    value: fc.subarray(['x', 'y', 5]),
  },
  taglist: { more: fc.record({ values: fc.constant(values) }), value: fc.subarray(['a', 'b', 7]) },
  datetime: {
    more: fc.record({
      subtype: fc.constantFrom('date', 'datetime', 'time'),
      validate: fc.record({ required }),
    }),
    value: fc.constantFrom(null),
  },
};

const conditions = [
  '=n0 > 1',
  '=n0 = null',
  '=f1 = "a"',
  '=list contains(f2, "a")',
  '=nonsense(',
  'n0 > 1',
  '=not(f1)',
];

/** A form of a number that is always there and some other fields, some of them hidden, off, or in a group. */
const forms = fc
  .array(
    fc.constantFrom(...Object.keys(KINDS)).chain((type) =>
      fc.record({
        type: fc.constant(type),
        more: KINDS[type]!.more,
        value: fc.option(KINDS[type]!.value, { nil: undefined }),
        isDisabled: fc.nat(4).map((n) => n === 0),
        hide: fc.option(fc.constantFrom(...conditions), { nil: undefined, freq: 2 }),
        groupHide: fc.option(fc.constantFrom(...conditions), { nil: undefined, freq: 3 }),
        defaultValue: fc.option(KINDS[type]!.value, { nil: undefined, freq: 3 }),
        known: fc.option(KINDS[type]!.value, { nil: undefined, freq: 3 }),
      }),
    ),
    { maxLength: 4 },
  )
  .chain((fields) => fc.record({ fields: fc.constant(fields), n0: numeral }));

test('a form is right here where it is right in form-js, comes to the same, and is wrong by the same words', async () => {
  let wrong = 0;
  let right = 0;
  await fc.assert(
    fc.asyncProperty(forms, async ({ fields, n0 }) => {
      const components: Component[] = [{ id: 'n0', key: 'n0', type: 'number' }];
      const known: Values = { list: ['x', { label: 'Y', value: 'y' }, 5, '', null] };
      const filledIn: Values = { n0 };
      fields.forEach(({ type, more, value, isDisabled, hide, groupHide, defaultValue, known: stored }, i) => {
        const key = `f${i + 1}`;
        const component: Component = {
          id: key,
          key,
          type,
          ...more,
          ...(isDisabled && { disabled: true }),
          ...(hide !== undefined && { conditional: { hide } }),
          ...(defaultValue !== undefined && { defaultValue }),
        };
        components.push(
          groupHide === undefined
            ? component
            : { id: `g${i}`, type: 'group', conditional: { hide: groupHide }, components: [component] },
        );
        if (stored !== undefined) known[key] = stored;
        if (value !== undefined && !isDisabled) filledIn[key] = value;
      });
      const theirs = await byFormJs(components, known, filledIn);
      fc.pre(theirs.isStill);
      const ours = byUs(components, known, theirs.said);
      expect(ours.errors).toEqual(theirs.errors);
      if (ours.data) expect(ours.data).toEqual(theirs.data);
      if (ours.data) right++;
      else wrong++;
    }),
    { numRuns: 80 },
  );
  // Neither side is right by saying one thing always; of 80 that are drawn a quarter or so is wrong.
  expect([right, wrong].every((n) => n > 3)).toBe(true);
}, 60_000);

test('what a field takes from the engine, and refuses of a person, is what form-js takes', async () => {
  const anything = fc.oneof(
    word,
    numeral,
    fc.constantFrom<unknown>(
      true,
      false,
      null,
      'NaN',
      ' 5 ',
      '1e3',
      'a\nb',
      {},
      [],
      ['a'],
      ['a', 'z'],
      [7, 'a'],
      'a',
      7,
      '7',
    ),
    fc.constantFrom(
      '2026-12-24',
      '2026-13-01',
      '24.12.2026',
      '2026-12-24T10:00',
      '2026-12-24T10:00Z',
      'T',
      '10:00',
      '25:61',
      '10:00+01:00',
      '8-1',
    ),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(KINDS)),
      fc.constantFrom('date', 'datetime', 'time'),
      fc.boolean(),
      anything,
      async (type, subtype, serializeToString, value) => {
        const component: Component = {
          id: 'f',
          key: 'f',
          type,
          ...(type === 'datetime' && { subtype }),
          ...(type === 'number' && { serializeToString }),
          ...(/select|radio|list/.test(type) && { values }),
        };
        const form = new Form({});
        await form.importSchema({ type: 'default', components: [component] }, { f: value });
        const theirs = form._getState().data.f;
        form.destroy();
        const read = readForm({ type: 'default', components: [component] });
        expect(initialValues(read, { f: value }).f).toEqual(theirs);
        // Who fills it in says what the field says, or it is refused.
        const taken = byUs([component], {}, { f: value });
        if (taken.data && value !== null) expect(taken.data.f).toEqual(theirs);
      },
    ),
    { numRuns: 200 },
  );
}, 60_000);
