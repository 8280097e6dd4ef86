import type { ReactNode } from 'react';

/** What a state means to who reads: nothing yet, under way, well, look here, ill. */
export type Tone = 'plain' | 'active' | 'good' | 'attention' | 'bad';

/** How something stands, in a word. The word says it; its colour only repeats that. */
export function Chip({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`nb-chip nb-chip--${tone}`}>{children}</span>;
}
