import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formOfStart, formOfTask, type ModelField } from '../src/forms/form-data.ts';
import { generatedForm } from '../src/forms/generated-form.ts';

const xml = await readFile(new URL('models/forms.bpmn', import.meta.url), 'utf8');

const field = (more: Partial<ModelField>): ModelField => ({
  id: 'f',
  label: undefined,
  type: 'string',
  datePattern: undefined,
  defaultValue: undefined,
  values: [],
  constraints: [],
  ...more,
});

const componentOf = (one: ModelField) =>
  (generatedForm({ id: 'form', fields: [one] }).schema.components as object[])[0];

describe('A generated form', () => {
  test('is read from the model: that of a task, and that by which people start', () => {
    const fields = formOfTask(xml, 'generated')!.fields;
    expect(fields.map(({ id, type }) => [id, type])).toEqual([
      ['name', 'string'],
      ['count', 'long'],
      ['due', 'date'],
      ['sure', 'boolean'],
      ['colour', 'enum'],
      ['fixed', 'string'],
    ]);
    expect(fields[0]).toMatchObject({
      label: 'Name & more',
      constraints: [
        ['required', undefined],
        ['minlength', '3'],
        ['maxlength', '8'],
      ],
    });
    expect(fields[4]!.values).toEqual([
      ['red', 'Red'],
      ['blue', 'Blue'],
    ]);
    // Not the start event that a message starts.
    expect(formOfStart(xml, 'generated-start')).toMatchObject({ id: 'by-hand', fields: [{ id: 'amount' }] });
    expect([formOfTask(xml, 'plain'), formOfStart(xml, 'forms-in-a-row')]).toEqual([undefined, undefined]);
  });

  test('that the engine has under another prefix is the same', () => {
    const other = xml
      .replaceAll('camunda:', 'o:')
      .replace('xmlns:camunda="http://camunda', 'xmlns:o="http://operaton');
    expect(formOfTask(other.replace('xmlns:o:', 'xmlns:'), 'generated')).toEqual(
      formOfTask(xml, 'generated'),
    );
  });

  test.each<[Partial<ModelField>, object]>([
    [{ label: 'L' }, { type: 'textfield', key: 'f', label: 'L', validate: {} }],
    [
      {
        type: 'long',
        constraints: [
          ['min', '1'],
          ['max', '10'],
        ],
      },
      { decimalDigits: 0, validate: { min: 1, max: 9 } },
    ],
    [{ constraints: [['required', 'false']] }, { validate: { required: true } }],
    [
      { type: 'boolean', constraints: [['required', undefined]] },
      { type: 'checkbox', validate: {} },
    ],
    [{ constraints: [['readonly', undefined]] }, { readonly: true, disabled: true }],
  ])('with the field %j has the component %j', (more, component) => {
    expect(componentOf(field(more))).toMatchObject(component);
  });

  test.each<[Partial<ModelField>]>([
    [{ type: 'money' }],
    [{ type: 'constructor' }],
    [{ constraints: [['validator', 'com.acme.Validator']] }],
    [{ constraints: [['min', '1']] }],
    [{ type: 'long', constraints: [['min', '1.5']] }],
    [{ type: 'long', constraints: [['max', undefined]] }],
    [{ type: 'date', datePattern: 'dd.MM.yyyy HH:mm' }],
    [{ type: 'date', datePattern: 'MMM yyyy' }],
    [{ type: 'date', datePattern: "dd'MM'yyyy" }],
  ])('with the field %j is refused, and the field is named', (more) => {
    expect(() => componentOf(field(more))).toThrow(
      expect.objectContaining({ code: 'form_unsupported', field: 'f' }),
    );
  });

  test('has its dates as the engine writes them, by whichever pattern, and nothing where there is none', () => {
    const parts = fc.shuffledSubarray(['yyyy', 'MM', 'dd'], { minLength: 3 });
    const between = fc.constantFrom('.', '/', '-', ' ', '');
    const day = fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(parts, between, day, (order, sign, at) => {
        const { conversions } = generatedForm({
          id: 'x',
          fields: [field({ type: 'date', datePattern: order.join(sign) })],
        });
        const { fromEngine, toEngine } = conversions.get('f')!;
        const date = at.toISOString().slice(0, 10);
        const written = toEngine(date);
        const [yyyy, MM, dd] = date.split('-');
        expect(written).toBe(order.map((part) => ({ yyyy, MM, dd })[part]).join(sign));
        expect(fromEngine(written)).toBe(date);
        expect([fromEngine(''), fromEngine(null), toEngine(null)]).toEqual([null, null, null]);
      }),
    );
  });
});
