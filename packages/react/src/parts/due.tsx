import { useFormats } from '../locale/formats.ts';
import { type Locale, useLocale, useWords } from '../locale/locale.tsx';
import { useNow } from './use-now.ts';

const WORDS = {
  en: { due: (when: string) => `Due ${when}`, overdue: (when: string) => `Overdue since ${when}` },
  de: { due: (when: string) => `Fällig ${when}`, overdue: (when: string) => `Überfällig seit ${when}` },
};

const DAY = 86_400_000;

/** Until when something is to be done, marked where that has passed. */
export function Due({ time }: { time: string }) {
  const words = useWords(WORDS);
  const locale = useLocale();
  const { clock, moment } = useFormats();
  const now = useNow(30_000);
  const isOver = Date.parse(time) < now;
  const day = nearDay(locale, time, now);
  const when = day === undefined ? moment(time) : `${day}, ${clock(time)}`;
  return (
    <time
      className={isOver ? 'nb-due nb-due--over' : 'nb-due'}
      dateTime={time}
      title={moment(time)}
      data-testid="due"
      data-overdue={isOver}
    >
      {isOver ? words.overdue(when) : words.due(when)}
    </time>
  );
}

/** `today`, `tomorrow`, `yesterday` by the reader's clock; nothing for other days. */
function nearDay({ language, timeZone }: Locale, time: string, now: number): string | undefined {
  const days = Math.round((dayOf(time, timeZone) - dayOf(now, timeZone)) / DAY);
  // Also where the time is none.
  if (!(Math.abs(days) <= 1)) return undefined;
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(days, 'day');
}

/** The beginning of a day, by the reader's clock, as if it were in UTC. */
function dayOf(time: string | number, timeZone: string | undefined): number {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return Number.NaN;
  return Date.parse(calendar(timeZone).format(at));
}

/** Dear to make, and every card with a date wants one. */
const calendars = new Map<string | undefined, Intl.DateTimeFormat>();

function calendar(timeZone: string | undefined): Intl.DateTimeFormat {
  const made = calendars.get(timeZone) ?? calendarOf(timeZone);
  calendars.set(timeZone, made);
  return made;
}

function calendarOf(timeZone: string | undefined): Intl.DateTimeFormat {
  const date = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  try {
    // Swedish days are written as ISO writes them.
    return new Intl.DateTimeFormat('sv', { ...date, ...(timeZone === undefined ? {} : { timeZone }) });
  } catch {
    return new Intl.DateTimeFormat('sv', date);
  }
}
