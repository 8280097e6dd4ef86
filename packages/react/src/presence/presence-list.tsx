import type { Room } from '@netbuild/realtime-protocol';
import { lazy, Suspense, useState } from 'react';
import { useWords } from '../locale/locale.tsx';
import { Avatar } from '../parts/avatar.tsx';
import { Button } from '../parts/button.tsx';
import { usePresence } from '../use-presence.ts';
import { useIdentity } from '../use-status.ts';

/** Loaded when somebody wants to know who they are: what places it is as large as all else here. */
const People = lazy(() => import('./people.tsx').then(({ People }) => ({ default: People })));

const WORDS = {
  en: {
    nobody: 'Nobody else is here',
    here: (names: string) => `Here: ${names}`,
    count: (count: number) => (count === 1 ? '1 other is here' : `${count} others are here`),
  },
  de: {
    nobody: 'Sonst ist niemand hier',
    here: (names: string) => `Hier: ${names}`,
    count: (count: number) =>
      count === 1 ? '1 weitere Person ist hier' : `${count} weitere Personen sind hier`,
  },
};

/** Whose presence is shown, and how much of it. */
export interface PresenceListProps {
  room: Room;
  /** Faces that are shown; of the others it is said how many they are. Default 5. */
  most?: number | undefined;
}

/**
 * Who else is in a room now, as faces; pressed, as a list of names.
 *
 * @example <PresenceList room={`execution:${executionId}`} />
 */
export function PresenceList({ room, most = 5 }: PresenceListProps) {
  const words = useWords(WORDS);
  const me = useIdentity()?.userId;
  const { data: present } = usePresence(room);
  const [opener, setOpener] = useState<Element>();
  if (!present) return null;
  const others = present.people?.filter((name) => name !== me);
  const count = others?.length ?? present.count - 1;
  const shown = others?.slice(0, most) ?? [];
  if (count === 0)
    return (
      <span className="nb-quiet" data-testid="presence" data-count={0}>
        {words.nobody}
      </span>
    );
  const label = others && count <= most ? words.here(others.join(', ')) : words.count(count);
  return (
    <>
      <Button
        aria-haspopup="dialog"
        aria-expanded={opener !== undefined}
        data-testid="presence"
        onPress={({ target }) => setOpener(target)}
      >
        <span className="nb-hidden">{label}</span>
        <span className="nb-people" aria-hidden="true" data-count={count}>
          {shown.map((name) => (
            <Avatar key={name} name={name} letters={1} />
          ))}
          {count > shown.length ? <span className="nb-more">+{count - shown.length}</span> : null}
        </span>
      </Button>
      {opener ? (
        <Suspense fallback={null}>
          <People
            label={words.count(count)}
            names={others}
            opener={opener}
            onClose={() => setOpener(undefined)}
          />
        </Suspense>
      ) : null}
    </>
  );
}
