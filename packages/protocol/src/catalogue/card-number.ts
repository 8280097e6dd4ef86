import type { z } from 'zod';

/** Digits with nothing but blanks and dashes of any kind between them. */
const RUN = /\d(?:[\s\p{Pd}]*\d)*/gu;

/** Ids that software makes: their digits are random, and by chance some would pass for a card. */
const MADE_ID = /\b(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|(?=\d*[a-f])[\da-f]{32,})\b/gi;

/**
 * Whether a number in a text could be that of a payment card: 13 to 19 digits (ISO/IEC 7812-1) whose check digit is
 * right, written in one or in groups, also where other numbers stand beside it. UUIDs and hexadecimal digests are none.
 */
function hasCardNumber(text: string): boolean {
  for (const [run] of text.normalize('NFKC').replace(MADE_ID, 'id').matchAll(RUN)) {
    const groups = run.split(/\D+/);
    for (let from = 0; from < groups.length; from++) {
      let digits = '';
      for (let to = from; to < groups.length && digits.length < 19; to++) {
        digits += groups[to]!;
        if (digits.length >= 13 && digits.length <= 19 && hasCheckDigit(digits)) return true;
      }
    }
  }
  return false;
}

/** The same text, which is refused as `card_number` where it has one: whoever stores such is under PCI DSS. */
export function withoutCard<S extends z.ZodType<string>>(text: S): S {
  return text.refine((said) => !hasCardNumber(said), {
    message: 'This looks like the number of a card, and none is kept here.',
    params: { code: 'card_number' },
  });
}

/** Luhn's formula (ISO/IEC 7812-1, annex B): every second digit from the right counts twice. */
function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}
