import { useWords } from '../locale/locale.tsx';
import { useView } from '../use-view.ts';

const WORDS = {
  en: {
    decided: (decided: number, of: number) => `${decided} of ${of} decided`,
    asked: (of: number) => `One of ${of} who are asked`,
  },
  de: {
    decided: (decided: number, of: number) => `${decided} von ${of} entschieden`,
    asked: (of: number) => `Eine von ${of} Anfragen`,
  },
};

interface AmongProps {
  /** The run that asks several. */
  among: string | undefined;
  /** How many it asks. */
  of: number | undefined;
}

/**
 * How many of those that are asked together have decided. Where it is not known of each of them, be it that they are
 * asked one after the other or that this one may not see the others, it says only how many they are.
 */
export function Among({ among, of }: AmongProps) {
  const words = useWords(WORDS);
  const { data } = useView('approvals');
  if (among === undefined || of === undefined) return null;
  const known = data.filter((row) => row.data.among === among);
  const decided = known.filter(
    ({ data: { state } }) => state !== 'requested' && state !== 'cancelled',
  ).length;
  return (
    <span data-testid="approval-among">
      {known.length >= of ? words.decided(decided, of) : words.asked(of)}
    </span>
  );
}
