/** The words of tasks. */
export const TASK_WORDS = {
  en: {
    claim: 'Claim',
    complete: 'Complete',
    giveBack: 'Give back',
    takeBack: 'Take back',
    you: 'You',
    unassigned: 'Unassigned',
    open: 'Open the workstream',
    priority: (value: number) => `${value > 50 ? 'High' : 'Low'} priority`,
    saving: 'Saving …',
    states: { open: 'Open', completed: 'Done', cancelled: 'Cancelled' },
  },
  de: {
    claim: 'Übernehmen',
    complete: 'Erledigen',
    giveBack: 'Zurückgeben',
    takeBack: 'Zurückholen',
    you: 'Sie',
    unassigned: 'Nicht zugewiesen',
    open: 'Zum Arbeitsablauf',
    priority: (value: number) => `${value > 50 ? 'Hohe' : 'Niedrige'} Priorität`,
    saving: 'Wird gespeichert …',
    states: { open: 'Offen', completed: 'Erledigt', cancelled: 'Abgebrochen' },
  },
};
