import type { Row } from '@netbuild/realtime-client';
import {
  AgentCard,
  ApprovalCard,
  Button,
  IncidentCard,
  type Language,
  LocaleProvider,
  PaymentCard,
  PresenceList,
  TaskForm,
  TaskList,
  WebSocketProvider,
} from '@netbuild/realtime-react';
import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { fakeClient } from './fake-client.ts';
import { AGENTS, APPROVALS, INCIDENTS, KEPT, MANY, MESSAGES, PAYMENTS, TASKS } from './rows.ts';

/** `?theme=dark&language=de`, and `&long` for the list of thousands alone. */
const asked = new URLSearchParams(location.search);
const language = (asked.get('language') ?? 'en') as Language;
document.documentElement.lang = language;
document.documentElement.dataset.theme = asked.get('theme') ?? 'light';
sessionStorage.setItem(
  'netbuild-realtime/draft/alice/kept',
  JSON.stringify({
    version: 'v1',
    values: { note: 'The printer prints only every other line.', isLate: true },
    labels: { note: 'Note', isLate: 'It is late' },
  }),
);

const tasks = (rows: readonly Row[]) => rows as readonly Row<'task'>[];

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <div className="stack">{children}</div>
    </section>
  );
}

function Gallery() {
  return (
    <div className="gallery">
      <h1>Components</h1>
      <Group title="Tasks">
        <TaskList
          label="Tasks"
          rows={tasks(TASKS)}
          people={['alice', 'bob', 'carol']}
          executionHref={(id) => `#/execution/${id}`}
          executionTitles={new Map([['e1', 'Deliver the invoice service']])}
        />
      </Group>
      <Group title="Form">
        <div className="nb-card">
          <TaskForm taskId="mine" onClose={() => {}} />
        </div>
        <TaskList label="Kept" rows={tasks([KEPT])} isQuiet />
      </Group>
      <Group title="Approvals">
        {APPROVALS.map((row) => (
          <ApprovalCard key={row.subject} row={row as Row<'approval'>} />
        ))}
      </Group>
      <Group title="Payments">
        {PAYMENTS.map((row) => (
          <PaymentCard key={row.subject} row={row as Row<'payment'>} />
        ))}
      </Group>
      <Group title="Agents">
        {AGENTS.map((row) => (
          <AgentCard key={row.subject} id={(row as Row<'agent'>).data.agentId} />
        ))}
      </Group>
      <Group title="The rest">
        {INCIDENTS.map((row) => (
          <IncidentCard key={row.subject} row={row as Row<'incident'>} />
        ))}
        <div>
          <PresenceList room="execution:e1" />
        </div>
        <div>
          <Button kind="primary">Primary</Button> <Button kind="framed">Framed</Button>{' '}
          <Button kind="bad">Bad</Button> <Button>Quiet</Button> <Button isDisabled>Not now</Button>
        </div>
      </Group>
    </div>
  );
}

function Long() {
  return (
    <div className="long">
      <TaskList label="Many" rows={tasks(MANY)} />
    </div>
  );
}

const client = fakeClient([...TASKS, KEPT, ...APPROVALS, ...PAYMENTS, ...AGENTS, ...INCIDENTS, ...MESSAGES]);

createRoot(document.getElementById('gallery')!).render(
  <StrictMode>
    <WebSocketProvider client={client}>
      <LocaleProvider language={language} timeZone="Europe/Berlin">
        {asked.has('long') ? <Long /> : <Gallery />}
      </LocaleProvider>
    </WebSocketProvider>
  </StrictMode>,
);
