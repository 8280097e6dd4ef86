import { useMemo } from 'react';
import { type Locale, useLocale } from './locale.tsx';

/** Times, numbers and money as a reader is used to them. Times are ISO 8601 texts. */
export interface Formats {
  /** `14:05` */
  clock(time: string): string;
  /** `26 Nov 2026, 14:05` */
  moment(time: string): string;
  /** `1,234` */
  number(value: number): string;
  /** Of an amount in the currency's smallest unit: `€12.00`. */
  money(amount: number, currency: string): string;
}

/** The formats of whoever reads here. */
export function useFormats(): Formats {
  const locale = useLocale();
  return useMemo(() => formatsOf(locale), [locale]);
}

/** The formats of a language and a clock. */
export function formatsOf({ language, timeZone }: Locale): Formats {
  // British English: the day comes before the month, as in the rest of what it says.
  const tag = language === 'en' ? 'en-GB' : language;
  const zone = timeZone === undefined ? {} : { timeZone };
  const clock = new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit', ...zone });
  const moment = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short', ...zone });
  const number = new Intl.NumberFormat(tag);
  return {
    clock: (time) => clock.format(new Date(time)),
    moment: (time) => moment.format(new Date(time)),
    number: (value) => number.format(value),
    money(amount, currency) {
      const format = new Intl.NumberFormat(tag, { style: 'currency', currency });
      return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
    },
  };
}
