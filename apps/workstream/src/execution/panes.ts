/** What an execution's page is made of, in the order of the tabs. */
export const PANES = ['chat', 'tasks', 'diagram', 'activity'] as const;
export type Pane = (typeof PANES)[number];

/** How much has room beside each other. */
export type Room = 'narrow' | 'medium' | 'wide';

/** What is shown: the panes behind tabs, and which of all are in sight. */
export interface Arrangement {
  tabs: readonly Pane[];
  shown: readonly Pane[];
}

/** The pane that an address names. */
export function readPane(name: string | undefined): Pane | undefined {
  return PANES.find((pane) => pane === name);
}

/**
 * What is in sight. A phone shows one pane; with more room the chat is always there, beside one of the others; with
 * enough room there is everything.
 */
export function arrange(room: Room, chosen: Pane | undefined): Arrangement {
  if (room === 'wide') return { tabs: [], shown: PANES };
  if (room === 'narrow') return { tabs: PANES, shown: [chosen ?? 'chat'] };
  const beside = chosen === undefined || chosen === 'chat' ? 'tasks' : chosen;
  return { tabs: PANES.filter((pane) => pane !== 'chat'), shown: ['chat', beside] };
}
