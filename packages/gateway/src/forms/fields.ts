import { isDeepStrictEqual } from 'node:util';
import type { Field } from './schema.ts';

/** What a kind of field takes, as form-js has it. */
export interface FieldKind {
  /** What it has where nothing is filled in. */
  empty: unknown;
  /** The rules that it may have. */
  rules: readonly string[];
  /** What becomes of what the engine has: as it is where it can be filled in, and otherwise what of it can. */
  sanitize(value: unknown, field: Field, options: readonly unknown[]): unknown;
  /** Of what can not be filled in. */
  refusal: string;
}

const textRules = ['required', 'minLength', 'maxLength', 'pattern', 'patternErrorMessage', 'validationType'];
const isPlain = (value: unknown) => value !== null && value !== undefined && typeof value !== 'object';

const chosen = (value: unknown, options: readonly unknown[]) =>
  options.some((option) => isDeepStrictEqual(option, value));

const oneOf: FieldKind = {
  empty: null,
  rules: ['required'],
  sanitize: (value, _field, options) => (chosen(value, options) ? value : null),
  refusal: 'This is not among the options.',
};

const someOf: FieldKind = {
  empty: [],
  rules: ['required'],
  sanitize: (value, _field, options) => listOf(value).filter((one) => chosen(one, options)),
  refusal: 'Not all of these are among the options.',
};

/** Each kind of field that is checked here, by its name in form-js. */
export const FIELD_KINDS: Readonly<Record<string, FieldKind | undefined>> = {
  textfield: {
    empty: '',
    rules: textRules,
    sanitize: (value) =>
      isPlain(value) ? (typeof value === 'string' ? value.replace(/[\r\n\t]/g, ' ') : String(value)) : '',
    refusal: 'This is not a line of text.',
  },
  textarea: {
    empty: '',
    rules: textRules,
    sanitize: (value) => (isPlain(value) ? String(value) : ''),
    refusal: 'This is not a text.',
  },
  number: {
    empty: null,
    rules: ['required', 'min', 'max'],
    sanitize: (value, { component }) => {
      if (!isNumeric(value)) return null;
      return component.serializeToString ? String(value) : Number(value);
    },
    refusal: 'This is not a number.',
  },
  checkbox: {
    empty: false,
    rules: ['required'],
    sanitize: (value) => value === true,
    refusal: 'This is not true or false.',
  },
  radio: oneOf,
  select: oneOf,
  checklist: someOf,
  taglist: someOf,
  datetime: {
    empty: null,
    rules: ['required'],
    sanitize: (value, { component }) =>
      typeof value === 'string' && TIMES[String(component.subtype)]?.(value) ? value : null,
    refusal: 'This is not a date or a time as the form wants it.',
  },
};

/** An engine that has no JSON has it as its text. */
function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  try {
    const read: unknown = typeof value === 'string' ? JSON.parse(value) : undefined;
    return Array.isArray(read) ? read : [];
  } catch {
    return [];
  }
}

function isNumeric(value: unknown): boolean {
  return typeof value === 'number'
    ? Number.isFinite(value)
    : typeof value === 'string' && value !== '' && !Number.isNaN(Number(value));
}

const isDate = (text: string) => !Number.isNaN(Date.parse(text));

/** What form-js takes for a date, a time, or both. */
export const TIMES: Readonly<Record<string, ((text: string) => boolean) | undefined>> = {
  date: (text) => isDate(text) && !text.includes('T') && text.split('-').length === 3,
  datetime: (text) => {
    const parts = text.split('T');
    return isDate(text) && parts.length === 2 && parts[0]!.split('-').length === 3;
  },
  time: (text) => isTime(text),
};

/** Hours and minutes, and how far they are from UTC where that is said. */
function isTime(text: string): boolean {
  if (text.includes('Z')) return isClock(text.replace('Z', ''));
  const sign = text.includes('+') ? '+' : '-';
  if (!text.includes(sign)) return isClock(text);
  const [clock = '', offset = ''] = text.split(sign);
  return isClock(clock) && isClock(offset);
}

function isClock(text: string): boolean {
  const [hour = Number.NaN, minute = 0] = text.split(':').map((part) => Number.parseInt(part, 10));
  return hour >= 0 && hour <= 24 && minute >= 0 && minute <= 60;
}
