import { useWords } from '../locale/locale.tsx';
import { useNow } from '../parts/use-now.ts';

const WORDS = {
  en: {
    within: (seconds: number) => `Sign of life due within ${seconds} s`,
    late: 'Its sign of life is overdue',
  },
  de: {
    within: (seconds: number) => `Nächstes Lebenszeichen in höchstens ${seconds} s`,
    late: 'Sein Lebenszeichen ist überfällig',
  },
};

/** Until when an agent counts as at work without another word from it, as a bar that becomes shorter. */
export function Lease({ until, ttl }: { until: string; ttl: number }) {
  const words = useWords(WORDS);
  const left = Date.parse(until) - useNow(1000);
  return (
    <span className={left > 0 ? 'nb-lease' : 'nb-lease nb-bad'} data-testid="agent-lease">
      <progress className="nb-lease-bar" max={ttl} value={Math.max(0, left)} aria-hidden="true" />
      {left > 0 ? words.within(Math.ceil(left / 1000)) : words.late}
    </span>
  );
}
