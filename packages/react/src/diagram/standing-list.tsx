import { useFormats } from '../locale/formats.ts';
import { useWords } from '../locale/locale.tsx';
import { incidentWords } from './badges.tsx';
import { isCurrent, type Standing } from './standing.ts';
import { WORDS } from './words.ts';

interface StandingListProps {
  id: string;
  standing: readonly Standing[];
  /** It stands beside a diagram, for who does not see that. */
  isHidden: boolean;
}

/** What a diagram shows, in words: for who does not see it, and in its place where there is none. */
export function StandingList({ id, standing, isHidden }: StandingListProps) {
  const words = useWords(WORDS);
  const { number } = useFormats();
  const current = standing.filter(isCurrent);
  const past = standing.filter((one) => !isCurrent(one));
  return (
    <div id={id} className={isHidden ? 'nb-hidden' : 'nb-standing'} data-testid="standing">
      <p className="nb-standing-title">{words.where}</p>
      {current.length === 0 ? <p className="nb-standing-quiet">{words.nowhere}</p> : null}
      <ul>
        {[...current, ...past].map((one) => (
          <li
            key={one.elementId}
            className={isCurrent(one) ? 'nb-standing-now' : 'nb-standing-past'}
            data-element={one.elementId}
            data-running={one.running}
            data-incidents={one.incidents.length}
            data-done={one.done}
          >
            <span className="nb-standing-name">{one.name}</span> <span>{said(one)}</span>
          </li>
        ))}
      </ul>
    </div>
  );

  function said(one: Standing): string {
    const { running, done, cancelled, incidents, people } = one;
    return [
      ...(running > 0 ? [words.running(number(running))] : []),
      ...(people.length > 0 ? [words.with(people.join(', '))] : []),
      ...(incidents.length > 0 ? [incidentWords(one, words, number)] : []),
      ...(done > 0 ? [words.done(done, number(done))] : []),
      ...(cancelled > 0 ? [words.cancelled] : []),
    ].join(' · ');
  }
}
