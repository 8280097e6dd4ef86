import { hueOf, initialsOf } from './face.ts';

/**
 * A person as a small round sign. The colour is the person's own, the same everywhere. It says nothing to a screen
 * reader: their name stands beside it.
 *
 * @example <Avatar name="alice" /> alice
 */
export function Avatar({ name }: { name: string }) {
  return (
    <span className={`nb-avatar nb-avatar--${hueOf(name)}`} aria-hidden="true">
      {initialsOf(name)}
    </span>
  );
}
