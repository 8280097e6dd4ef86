import { useWords } from '@netbuild/realtime-react';
import type { Pane } from './panes.ts';

const EN = {
  workstream: 'Workstream',
  loading: 'Loading …',
  back: 'My work',
  process: 'Process',
  participants: 'Participants',
  states: { active: 'Running', suspended: 'On hold', completed: 'Done', cancelled: 'Cancelled' },
  stuck: (step: string | undefined, message: string | undefined) =>
    `Stuck at ${step ?? 'an unknown step'}: ${message ?? 'no details'}`,
  panes: { chat: 'Chat', tasks: 'Tasks', diagram: 'Diagram', activity: 'Activity' } satisfies Record<
    Pane,
    string
  >,
  parts: 'Parts of this workstream',
  open: 'Open tasks',
  done: 'Done',
  noneOpen: 'No task is open.',
  running: (names: string) => `No task is open. Running: ${names}`,
  incidents: 'Incidents',
  approvals: 'Approvals',
  agents: 'Agents',
  payments: 'Payments',
  noActivity: 'No agent is at work, nothing is to be approved or paid, and nothing is stuck.',
  noProcess: 'No process belongs to this workstream yet.',
  showDiagram: 'Show diagram',
  hideDiagram: 'Hide diagram',
  notHere: 'This workstream is not available to you',
  notHereTitle: 'Not available',
  notHereAbout:
    'It may have another address, or you do not take part in it. Ask who sent you the link to add you.',
  toWork: 'Back to my work',
};

const DE: typeof EN = {
  workstream: 'Workstream',
  loading: 'Wird geladen …',
  back: 'Meine Arbeit',
  process: 'Prozess',
  participants: 'Beteiligte',
  states: { active: 'Läuft', suspended: 'Angehalten', completed: 'Abgeschlossen', cancelled: 'Abgebrochen' },
  stuck: (step, message) =>
    `Hängt bei ${step ?? 'einem unbekannten Schritt'}: ${message ?? 'keine Einzelheiten'}`,
  panes: { chat: 'Chat', tasks: 'Aufgaben', diagram: 'Diagramm', activity: 'Aktivität' },
  parts: 'Teile dieses Workstreams',
  open: 'Offene Aufgaben',
  done: 'Erledigt',
  noneOpen: 'Keine Aufgabe ist offen.',
  running: (names) => `Keine Aufgabe ist offen. Es läuft: ${names}`,
  incidents: 'Störungen',
  approvals: 'Freigaben',
  agents: 'Agenten',
  payments: 'Zahlungen',
  noActivity: 'Kein Agent arbeitet, nichts ist freizugeben oder zu bezahlen, und nichts hängt.',
  noProcess: 'Zu diesem Workstream gehört noch kein Prozess.',
  showDiagram: 'Diagramm zeigen',
  hideDiagram: 'Diagramm ausblenden',
  notHere: 'Dieser Workstream steht Ihnen nicht zur Verfügung',
  notHereTitle: 'Nicht verfügbar',
  notHereAbout:
    'Vielleicht hat er eine andere Adresse, oder Sie nehmen nicht an ihm teil. Bitten Sie die Person, von der Sie den Link haben, Sie hinzuzufügen.',
  toWork: 'Zurück zu meiner Arbeit',
};

/** What an execution's page says. */
export const useExecutionWords = () => useWords({ en: EN, de: DE });
