import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CATALOGUE, type Fact, MAX_VARIABLES, type Rows, SUBJECTS, type Subject } from '../src/index.ts';

const submitted = CATALOGUE.get('form:submitted')!;

const rowsOf = (rows: Record<string, object>): Rows => ((name: Subject) => rows[name]) as Rows;

const fact = (data: object): Fact & { data: object } => ({
  source: 'user',
  id: 'f1',
  type: 'form:submitted',
  time: '2026-01-01T12:00:00.000Z',
  data: { submissionId: 's1', formKey: 'check', formVersion: 'v1', submittedBy: 'alice', ...data },
});

const TASK = { taskId: 't1', taskName: 'Check', processInstanceId: 'p1', processDefinitionKey: 'order' };
const ROWS = {
  'task/t1': TASK,
  'process/p1': { processInstanceId: 'p1', executionId: 'e1', businessKey: 'e1' },
};

test('a submission takes over where its task belongs, and goes to its rooms', () => {
  const [change, ...more] = submitted.fold(fact({ taskId: 't1' }), rowsOf(ROWS));
  expect(more).toEqual([]);
  expect(change).toMatchObject({
    type: 'form:submitted',
    subject: 'form/s1',
    data: {
      taskName: 'Check',
      processInstanceId: 'p1',
      executionId: 'e1',
      submitted: '2026-01-01T12:00:00.000Z',
    },
  });
  const { rooms, isOpen } = SUBJECTS.form;
  expect(rooms(change!.data, 'acme').filter(Boolean)).toEqual([
    'process:p1',
    'execution:e1',
    'definition:order',
  ]);
  expect(isOpen(change!.data)).toBe(false);
});

test('the second word of the same submission is no news, whatever it says', () => {
  const rows = rowsOf({ ...ROWS, 'form/s1': { submissionId: 's1' } });
  expect(submitted.fold(fact({ taskId: 't1', formKey: 'other' }), rows)).toEqual([]);
});

test('a submission never outgrows a row, and fits the schema of its kind', () => {
  const values = fc.dictionary(
    fc.string({ minLength: 1, maxLength: 40 }),
    fc.oneof(fc.string(), fc.double(), fc.constant('x'.repeat(9000))),
    {
      maxKeys: 80,
    },
  );
  fc.assert(
    fc.property(values, (set) => {
      const [change] = submitted.fold(fact({ variables: { set } }), rowsOf({}));
      const { variables = {}, omittedVariables = [] } = change!.data as Record<string, object>;
      expect(JSON.stringify(variables).length).toBeLessThan(17_000);
      expect(Object.keys(variables).length).toBeLessThanOrEqual(MAX_VARIABLES);
      expect((omittedVariables as string[]).length).toBeLessThanOrEqual(MAX_VARIABLES);
    }),
    { numRuns: 50 },
  );
});
