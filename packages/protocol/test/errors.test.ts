import { expect, test } from 'vitest';
import { z } from 'zod';
import { CLOSES, check, ERRORS, type ErrorCode, RealtimeError } from '../src/index.ts';

const codes = Object.keys(ERRORS) as ErrorCode[];

test.each(codes)('%s has a name in small letters, a status, and a sentence', (code) => {
  const { status, message, retryable } = ERRORS[code];
  expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(600);
  expect(message).toMatch(/^[A-Z].*\.$/);
  // Who may come again with the same is not told that the request itself is at fault.
  if (retryable) expect([409, 429, 500, 503]).toContain(status);
});

test.each(codes)('%s goes on the wire as its table says', (code) => {
  const { message, retryable } = ERRORS[code];
  expect(new RealtimeError(code).toWire()).toEqual({ code, message, retryable });
  expect(new RealtimeError(code).status).toBe(ERRORS[code].status);
});

test('an error says on the wire what it was given, and nothing of its cause', () => {
  const cause = new Error('a password');
  const error = new RealtimeError('busy', { message: 'Wait.', field: 'data.taskId', retryAfter: 0, cause });
  expect(error.toWire()).toStrictEqual({
    code: 'busy',
    message: 'Wait.',
    retryable: true,
    retryAfter: 0,
    field: 'data.taskId',
  });
  expect(error.cause).toBe(cause);
});

test('an error of ours stays itself; any other becomes internal, without its text', () => {
  const ours = new RealtimeError('forbidden');
  expect(RealtimeError.from(ours)).toBe(ours);
  for (const thrown of [new Error('a password'), 'a password', undefined, { code: 'forbidden' }]) {
    expect(RealtimeError.from(thrown).toWire()).toEqual(new RealtimeError('internal').toWire());
  }
});

test('each reason to close says why, and whether to come back', () => {
  for (const { comeBack, reason } of Object.values(CLOSES)) {
    expect(typeof comeBack).toBe('boolean');
    expect(reason).toMatch(/^[A-Z].*\.$/);
  }
});

const failure = (schema: z.ZodType, value: unknown, at?: string[]) => {
  try {
    check(schema, value, at);
  } catch (error) {
    return (error as RealtimeError).toWire();
  }
  throw new Error('It was taken for good.');
};

test('check names the first field at fault, as a path', () => {
  const schema = z.object({ people: z.array(z.object({ name: z.string() })), age: z.number() });
  expect(failure(schema, { people: [{ name: 'a' }, { name: 1 }], age: 'old' })).toMatchObject({
    code: 'invalid',
    field: 'people.1.name',
    message: expect.stringMatching(/^people\.1\.name: /),
  });
  expect(failure(schema, {}, ['data']).field).toBe('data.people');
  expect(failure(schema, 'text', ['data']).field).toBe('data');
});

test('check names no field where the whole value is at fault', () => {
  const error = failure(z.object({}), 'text');
  expect(error).not.toHaveProperty('field');
  expect(error.code).toBe('invalid');
});

test('check takes the code that a rule names, if there is such a code', () => {
  const ruled = (code: unknown) => z.string().refine(() => false, { message: 'No.', params: { code } });
  expect(failure(ruled('too_large'), 'x').code).toBe('too_large');
  expect(failure(ruled('no_such_code'), 'x').code).toBe('invalid');
  expect(failure(ruled('toString'), 'x').code).toBe('invalid');
  expect(failure(ruled(413), 'x').code).toBe('invalid');
});
