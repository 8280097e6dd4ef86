import { AgentCard, ApprovalCard, IncidentCard, PaymentCard, type Row } from '@netbuild/realtime-react';
import { memo, type ReactNode } from 'react';
import type { Activity } from './use-activity.ts';
import { useExecutionWords } from './words.ts';

/** What goes on in an execution beside tasks and talk, as cards. Loaded when it is needed. */
export default memo(function ActivityPane({ incidents, approvals, agents, payments, count }: Activity) {
  const words = useExecutionWords();
  if (count === 0) return <p className="empty">{words.noActivity}</p>;
  return (
    <>
      <Part title={words.incidents} rows={incidents} render={(row) => <IncidentCard row={row} />} />
      <Part title={words.approvals} rows={approvals} render={(row) => <ApprovalCard row={row} />} />
      <Part title={words.agents} rows={agents} render={(row) => <AgentCard row={row} />} />
      <Part title={words.payments} rows={payments} render={(row) => <PaymentCard row={row} />} />
    </>
  );
});

interface PartProps<R extends Row> {
  title: string;
  rows: readonly R[];
  render: (row: R) => ReactNode;
}

function Part<R extends Row>({ title, rows, render }: PartProps<R>) {
  if (rows.length === 0) return null;
  return (
    <section className="tasks" aria-label={title}>
      <h2>
        {title} <span className="count">{rows.length}</span>
      </h2>
      <ul className="cards">
        {rows.map((row) => (
          <li key={row.subject}>{render(row)}</li>
        ))}
      </ul>
    </section>
  );
}
