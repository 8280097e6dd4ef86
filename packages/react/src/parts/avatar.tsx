import { hueOf, initialsOf } from './face.ts';

/** Whose sign it is. */
export interface AvatarProps {
  name: string;
  /** How many letters of it are shown: one where signs overlap. Default 2. */
  letters?: 1 | 2;
}

/**
 * A person as a small round sign. The colour is the person's own, the same everywhere. It says nothing to a screen
 * reader: their name stands beside it.
 *
 * @example <span><Avatar name="alice" /> alice</span>
 */
export function Avatar({ name, letters = 2 }: AvatarProps) {
  return (
    <span className={`nb-avatar nb-avatar--${hueOf(name)}`} aria-hidden="true">
      {initialsOf(name, letters)}
    </span>
  );
}
