import Big from 'big.js';
import type { Component } from './schema.ts';

/*
 * The rules of form-js 2, as its Validator has them; that both come to the same is tested against its own code. It is
 * not used itself since it needs a page to be loaded in.
 */

const EMAIL_PATTERN =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;
const PHONE_PATTERN =
  /(\+|00)(297|93|244|1264|358|355|376|971|54|374|1684|1268|61|43|994|257|32|229|226|880|359|973|1242|387|590|375|501|1441|591|55|1246|673|975|267|236|1|61|41|56|86|225|237|243|242|682|57|269|238|506|53|5999|61|1345|357|420|49|253|1767|45|1809|1829|1849|213|593|20|291|212|34|372|251|358|679|500|33|298|691|241|44|995|44|233|350|224|590|220|245|240|30|1473|299|502|594|1671|592|852|504|385|509|36|62|44|91|246|353|98|964|354|972|39|1876|44|962|81|76|77|254|996|855|686|1869|82|383|965|856|961|231|218|1758|423|94|266|370|352|371|853|590|212|377|373|261|960|52|692|389|223|356|95|382|976|1670|258|222|1664|596|230|265|60|262|264|687|227|672|234|505|683|31|47|977|674|64|968|92|507|64|51|63|680|675|48|1787|1939|850|351|595|970|689|974|262|40|7|250|966|249|221|65|500|4779|677|232|503|378|252|508|381|211|239|597|421|386|46|268|1721|248|963|1649|235|228|66|992|690|993|670|676|1868|216|90|688|886|255|256|380|598|1|998|3906698|379|1784|58|1284|1340|84|678|681|685|967|27|260|263)(9[976]\d|8[987530]\d|6[987]\d|5[90]\d|42\d|3[875]\d|2[98654321]\d|9[8543210]|8[6421]|6[6543210]|5[87654321]|4[987654310]|3[9643210]|2[70]|7|1)\d{4,20}$/;

/**
 * What is wrong with the value of a field.
 *
 * @param rules with what expressions have come to
 */
export function faultsOf({ type, ...component }: Component, rules: Component, value: unknown): string[] {
  const faults = type === 'number' ? numberFaults(component, value) : [];
  const { pattern, patternErrorMessage, required, min, max, minLength, maxLength, validationType } = rules;
  if (
    typeof pattern === 'string' &&
    pattern !== '' &&
    isFilled(value) &&
    !new RegExp(pattern).test(String(value))
  )
    faults.push(String(patternErrorMessage || `Field must match pattern ${pattern}.`));
  if (required && isMissing(type, value)) faults.push('Field is required.');
  if (isSet(min) && (isFilled(value) || value === 0)) faults.push(...limitFaults('min', min, value));
  if (isSet(max) && (isFilled(value) || value === 0)) faults.push(...limitFaults('max', max, value));
  if (typeof value === 'string' && value !== '') {
    const { length } = value.trim();
    // A text that is no number is compared as one, and holds of nothing.
    if (isLength(minLength) && length < Number(minLength))
      faults.push(`Field must have minimum length of ${minLength}.`);
    if (isLength(maxLength) && length > Number(maxLength))
      faults.push(`Field must have maximum length of ${maxLength}.`);
    if (validationType === 'phone' && !PHONE_PATTERN.test(value))
      faults.push('Field must be a valid international phone number. (e.g. +4930664040900)');
    if (validationType === 'email' && !EMAIL_PATTERN.test(value)) faults.push('Field must be a valid email.');
  }
  return faults;
}

function numberFaults({ decimalDigits, increment }: Component, value: unknown): string[] {
  const digits = Number(decimalDigits ?? -1);
  // As a text zero would be something.
  const hasSteps = Number(increment) > 0;
  if (!isFilled(value) || (digits < 0 && !hasSteps)) return [];
  // Only texts that are numbers to JavaScript alone: form-js fails with them.
  if (!isExact(value)) return ['This is not a number that can be reckoned with.'];
  const faults: string[] = [];
  if (digits >= 0 && decimalsOf(value) > digits)
    faults.push(
      digits === 0
        ? 'Value is expected to be an integer.'
        : digits === 1
          ? 'Value is expected to have at most 1 decimal digit.'
          : `Value is expected to have at most ${digits} decimal digits.`,
    );
  if (hasSteps) {
    const offset = bigOf(value).mod(bigOf(increment));
    if (!offset.eq(0)) {
      const before = bigOf(value).minus(offset);
      faults.push(
        `Please select a valid value, the two nearest valid values are ${before} and ${before.plus(bigOf(increment))}.`,
      );
    }
  }
  return faults;
}

/** An exponent of more digits than a number of JavaScript has would take for ever to be written out. */
const EXACT = /^-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i;

/** Whether something is a number, or the text of one, that can be reckoned with exactly. */
export function isExact(value: unknown): boolean {
  return Number.isFinite(typeof value === 'string' && EXACT.test(value) ? Number(value) : value);
}

function decimalsOf(value: unknown): number {
  return bigOf(value).toFixed().split('.')[1]?.length ?? 0;
}

function bigOf(value: unknown): Big {
  return new Big(value as string | number);
}

function limitFaults(limit: 'min' | 'max', at: unknown, value: unknown): string[] {
  const [name, word] = limit === 'min' ? ['Min', 'minimum'] : ['Max', 'maximum'];
  try {
    const isBeyond = limit === 'min' ? bigOf(value).lt(bigOf(at)) : bigOf(value).gt(bigOf(at));
    return isBeyond ? [`Field must have ${word} value of ${at}.`] : [];
  } catch {
    return [`${name} validation value is not a valid number.`];
  }
}

function isMissing(type: unknown, value: unknown): boolean {
  if (type === 'checkbox') return value === false;
  return (
    value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

/** Zero is looked at by the limits alone. */
function isFilled(value: unknown): boolean {
  return Boolean(value);
}

/** An expression may come to anything. */
function isLength(rule: unknown): boolean {
  return typeof rule === 'number' || typeof rule === 'string';
}

function isSet(rule: unknown): boolean {
  return rule !== undefined && rule !== null;
}
