import type { CommandName } from '@netbuild/realtime-protocol';
import { evident } from './evident.ts';
import type { Expected } from './expected.ts';
import { type Shown, shownOver } from './shown.ts';
import type { Store } from './store.ts';

/** What a command is expected to change: given by `me`, under this id. */
export type Expect = (
  name: CommandName,
  input: object,
  given: { me: string; commandId: string },
) => readonly Expected[];

/** What makes a client show what its commands are expected to change. */
export type Optimistic = (store: Store) => { shown: Shown; expect: Expect };

/**
 * Has a client show at once what its commands are expected to change. Who needs none of it does not load it.
 *
 * @param expect knows what commands are expected to change that do not say it themselves. Default `evident`.
 * @example const client = createClient({ url, getToken, optimistic: optimistic() });
 */
export const optimistic =
  (expect: Expect = evident): Optimistic =>
  (store) => ({ shown: shownOver(store), expect });
