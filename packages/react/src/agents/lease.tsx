import { useWords } from '../locale/locale.tsx';
import { useNow } from '../parts/use-now.ts';

const WORDS = {
  en: {
    within: (seconds: number) => `Sign of life due within ${seconds} s`,
    late: (seconds: number) => `No sign of life for ${seconds} s too long`,
  },
  de: {
    within: (seconds: number) => `Nächstes Lebenszeichen in höchstens ${seconds} s`,
    late: (seconds: number) => `Lebenszeichen seit ${seconds} s überfällig`,
  },
};

/** Until when an agent counts as at work without another word from it, as a bar that becomes shorter. */
export function Lease({ until, ttl }: { until: string; ttl: number }) {
  const words = useWords(WORDS);
  const left = Date.parse(until) - useNow(1000);
  const seconds = Math.ceil(Math.abs(left) / 1000);
  return (
    <span className={left > 0 ? 'nb-lease' : 'nb-lease nb-bad'} data-testid="agent-lease">
      <progress className="nb-lease-bar" max={ttl} value={Math.max(0, left)} aria-hidden="true" />
      {left > 0 ? words.within(seconds) : words.late(seconds)}
    </span>
  );
}
