/** The words of tasks. */
export const TASK_WORDS = {
  en: {
    claim: 'Claim',
    complete: 'Complete',
    giveBack: 'Give back',
    takeBack: 'Take back',
    you: 'You',
    unassigned: 'unassigned',
    open: 'Open the workstream',
    priority: (value: number) => `${value > 50 ? 'High' : 'Low'} priority`,
    saving: 'Saving …',
    states: { open: 'open', completed: 'completed', cancelled: 'cancelled' },
  },
  de: {
    claim: 'Übernehmen',
    complete: 'Erledigen',
    giveBack: 'Zurückgeben',
    takeBack: 'Zurückholen',
    you: 'Sie',
    unassigned: 'nicht zugewiesen',
    open: 'Zum Arbeitsablauf',
    priority: (value: number) => `${value > 50 ? 'Hohe' : 'Niedrige'} Priorität`,
    saving: 'Wird gespeichert …',
    states: { open: 'offen', completed: 'erledigt', cancelled: 'abgebrochen' },
  },
};
