import { type Formats, useFormats } from '../locale/formats.ts';
import { useWords } from '../locale/locale.tsx';
import type { Standing } from './standing.ts';
import { WORDS } from './words.ts';

/** Messages of incidents that are shown at once. */
const MESSAGES = 3;

/** Faces that are shown at one element. */
const FACES = 3;

/** What can be done from a diagram. */
export interface DiagramLinks {
  /**
   * The address of the page of an instance that was called; left out, or `undefined`: there is no link.
   *
   * @example hrefOf={(processInstanceId) => `#/process/${processInstanceId}`}
   */
  hrefOf?: ((processInstanceId: string) => string | undefined) | undefined;
  /** Somebody has chosen an element by what runs there. Left out: nothing is to be chosen. */
  onSelect?: ((elementId: string) => void) | undefined;
  /** The element that is chosen. */
  selected?: string | undefined;
}

interface NumbersProps extends DiagramLinks {
  standing: Standing;
  /** Somebody wants to know what has failed there. */
  onTell: () => void;
}

/** How many tokens are at an element, and what has failed there. */
export function Numbers({ standing, onTell, hrefOf, onSelect, selected }: NumbersProps) {
  const words = useWords(WORDS);
  const { number } = useFormats();
  const { elementId, name, running, incidents, called } = standing;
  const [only] = called;
  const href = called.length === 1 && only !== undefined ? hrefOf?.(only) : undefined;
  return (
    <>
      {incidents.length > 0 ? (
        <button
          type="button"
          className="nb-badge nb-badge--bad"
          aria-label={`${name}: ${incidentWords(standing, words, number)}`}
          onFocus={onTell}
          onMouseEnter={onTell}
          onClick={onTell}
          data-testid="incident-badge"
          data-count={incidents.length}
        >
          <span aria-hidden="true">! {incidents.length > 1 ? number(incidents.length) : ''}</span>
        </button>
      ) : null}
      {href === undefined ? null : (
        <a className="nb-badge nb-badge--link" href={href} title={words.called}>
          <span aria-hidden="true">↗</span>
          <span className="nb-hidden">
            {name}: {words.called}
          </span>
        </a>
      )}
      {running === 0 ? null : onSelect ? (
        <button
          type="button"
          className="nb-badge nb-badge--token"
          aria-label={`${words.show(name)}: ${words.running(number(running))}`}
          aria-pressed={selected === elementId}
          onClick={() => onSelect(elementId)}
          data-testid="token-badge"
          data-count={running}
        >
          {number(running)}
        </button>
      ) : (
        <span
          className="nb-badge nb-badge--token"
          aria-hidden="true"
          data-testid="token-badge"
          data-count={running}
        >
          {running === 1 ? '' : number(running)}
        </span>
      )}
    </>
  );
}

/** Who is at the tasks of an element. Their names stand in the list beside it, too. */
export function People({ people }: Pick<Standing, 'people'>) {
  const shown = people.slice(0, FACES);
  const [first] = people;
  return (
    <span
      className="nb-diagram-people"
      title={people.join(', ')}
      aria-hidden="true"
      data-testid="diagram-people"
    >
      {people.length === 1 ? first : shown.join(', ')}
      {people.length > FACES ? ` +${people.length - FACES}` : ''}
    </span>
  );
}

type Words = (typeof WORDS)['en'];

/** What has failed at an element, each message once. */
export function messagesOf(
  { incidents }: Pick<Standing, 'incidents'>,
  words: Pick<Words, 'incidentUnnamed' | 'more'>,
  number: Formats['number'],
): string[] {
  const messages = [...new Set(incidents.map(({ message }) => message ?? words.incidentUnnamed))];
  const rest = messages.length - MESSAGES;
  return [...messages.slice(0, MESSAGES), ...(rest > 0 ? [words.more(number(rest))] : [])];
}

/** The same as a sentence. */
export function incidentWords(
  standing: Pick<Standing, 'incidents'>,
  words: Pick<Words, 'incidents' | 'incidentUnnamed' | 'more'>,
  number: Formats['number'],
): string {
  const { length } = standing.incidents;
  return `${words.incidents(length, number(length))}: ${messagesOf(standing, words, number).join('; ')}`;
}
