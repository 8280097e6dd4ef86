import { type Locale, useLocale } from './locale.tsx';

/** Times, numbers and money as a reader is used to them. Times are ISO 8601 texts; one that is none is shown as it is. */
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

/** Each is dear to make, and every line of a list wants it. */
const MADE = new Map<string, Formats>();

/**
 * The formats of whoever reads here.
 *
 * @example const { moment } = useFormats(); return <time dateTime={due}>{moment(due)}</time>;
 */
export function useFormats(): Formats {
  const { language, timeZone } = useLocale();
  const key = `${language} ${timeZone ?? ''}`;
  const made = MADE.get(key) ?? formatsOf({ language, timeZone });
  MADE.set(key, made);
  return made;
}

function formatsOf({ language, timeZone }: Locale): Formats {
  // British English: the day comes before the month, as in the rest of what it says.
  const tag = language === 'en' ? 'en-GB' : language;
  const timed = (options: Intl.DateTimeFormatOptions) => {
    const format = timeFormat(tag, options, timeZone);
    return (time: string): string => {
      const at = new Date(time);
      return Number.isNaN(at.getTime()) ? time : format.format(at);
    };
  };
  const number = new Intl.NumberFormat(tag);
  const currencies = new Map<string, Intl.NumberFormat>();
  return {
    clock: timed({ hour: '2-digit', minute: '2-digit' }),
    moment: timed({ dateStyle: 'medium', timeStyle: 'short' }),
    number: (value) => number.format(value),
    money(amount, currency) {
      const format = currencies.get(currency) ?? new Intl.NumberFormat(tag, { style: 'currency', currency });
      currencies.set(currency, format);
      return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
    },
  };
}

/** By the device's own clock where the wished one is unknown to it. */
function timeFormat(tag: string, options: Intl.DateTimeFormatOptions, timeZone: string | undefined) {
  try {
    return new Intl.DateTimeFormat(tag, timeZone === undefined ? options : { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat(tag, options);
  }
}
