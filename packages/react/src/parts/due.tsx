import { useFormats } from '../locale/formats.ts';
import { useWords } from '../locale/locale.tsx';
import { useNow } from './use-now.ts';

const WORDS = {
  en: { due: (when: string) => `Due ${when}`, overdue: (when: string) => `Overdue since ${when}` },
  de: { due: (when: string) => `Fällig ${when}`, overdue: (when: string) => `Überfällig seit ${when}` },
};

/** Until when something is to be done, marked where that has passed. */
export function Due({ time }: { time: string }) {
  const words = useWords(WORDS);
  const { moment } = useFormats();
  const isOver = Date.parse(time) < useNow(30_000);
  return (
    <time
      className={isOver ? 'nb-due nb-due--over' : 'nb-due'}
      dateTime={time}
      data-testid="due"
      data-overdue={isOver}
    >
      {isOver ? words.overdue(moment(time)) : words.due(moment(time))}
    </time>
  );
}
