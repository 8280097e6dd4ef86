import type { Room } from '@netbuild/realtime-protocol';
import { useEffect, useState } from 'react';
import { type Formats, useFormats } from '../locale/formats.ts';
import { usePresence } from '../use-presence.ts';
import { useTyping } from '../use-typing.ts';
import { type ChatWords, useChatWords } from './chat-words.ts';

/** Faces that are shown; of the others it is said how many they are. */
const FACES = 5;

/** Milliseconds for which it is not said again to who listens that somebody is writing. */
const QUIET = 15_000;

/** Who else is here, as small round signs. */
export function Faces({ room, me }: { room: Room; me: string | undefined }) {
  const words = useChatWords();
  const formats = useFormats();
  const { data: present } = usePresence(room);
  if (!present) return null;
  const others = present.people?.filter((name) => name !== me);
  const count = others?.length ?? present.count - 1;
  const shown = others?.slice(0, FACES) ?? [];
  const label =
    count === 0
      ? words.nobodyElse
      : others
        ? words.here(others.join(', '))
        : words.othersHere(formats.number(count));
  return (
    <div
      className="nb-faces"
      role="img"
      aria-label={label}
      title={label}
      data-testid="faces"
      data-count={count}
    >
      {shown.map((name) => (
        <span key={name} className={`nb-face nb-face--${hueOf(name)}`}>
          {initialsOf(name)}
        </span>
      ))}
      {count > shown.length ? <span className="nb-face nb-face--more">+{count - shown.length}</span> : null}
    </div>
  );
}

/** Who is writing. Eyes see it come and go; ears are told now and then that somebody does. */
export function Writing({ executionId }: { executionId: string }) {
  const { data: writing } = useTyping(executionId);
  const words = wordsOf(writing, useChatWords(), useFormats());
  const [said, setSaid] = useState('');
  const isSomebody = writing.length > 0;
  useEffect(() => {
    if (!isSomebody || said !== '') return;
    setSaid(words);
  }, [isSomebody, said, words]);
  useEffect(() => {
    if (said === '') return;
    const timer = setTimeout(() => setSaid(''), QUIET);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <div className="nb-writing" data-testid="writing">
      <span aria-hidden="true">{words}</span>
      <span className="nb-hidden" role="status">
        {said}
      </span>
    </div>
  );
}

function wordsOf(names: readonly string[], words: ChatWords, formats: Formats): string {
  const [one, other] = names;
  if (one === undefined) return '';
  if (other === undefined) return words.writing(one);
  return names.length === 2 ? words.bothWriting(one, other) : words.manyWriting(formats.number(names.length));
}

function initialsOf(name: string): string {
  return [...name].slice(0, 2).join('');
}

/** The same for a person wherever they are shown. */
function hueOf(name: string): number {
  return [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 8, 0);
}
