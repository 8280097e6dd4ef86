import { Avatar, type Row } from '@netbuild/realtime-react';
import { usePageTitle } from './use-page-title.ts';

interface ExecutionHeaderProps {
  /** `undefined` until it is known. */
  title: string | undefined;
  people: readonly string[];
  processes: readonly Row<'process'>[];
  incidents: readonly Row<'incident'>[];
}

/** What an execution is called, how its processes stand, and who takes part. */
export function ExecutionHeader({ title, people, processes, incidents }: ExecutionHeaderProps) {
  const heading = usePageTitle(title ?? 'Workstream');
  return (
    <header className="execution-head">
      <a className="back" href="#/">
        <span aria-hidden="true">← </span>Your work
      </a>
      <h1 ref={heading} tabIndex={-1} className="page-title" data-testid="execution-title">
        {title ?? 'Loading …'}
      </h1>
      <ul className="processes">
        {processes.map(({ data, seq, committedAt }) => (
          <li
            key={data.processInstanceId}
            className="process"
            data-testid="process"
            data-process-id={data.processInstanceId}
            data-process-state={data.state}
            data-seq={seq}
            data-committed-at={committedAt}
          >
            <span>{data.processDefinitionName ?? data.processDefinitionKey ?? 'Process'}</span>
            <span className={`chip chip--${data.state}`}>{data.state}</span>
          </li>
        ))}
      </ul>
      {incidents.map(({ subject, data }) => (
        <p
          key={subject}
          className="problem"
          role="alert"
          data-testid="incident"
          data-incident-id={data.incidentId}
        >
          Stuck at {data.activityId ?? 'an unknown step'}: {data.message ?? 'no details'}
        </p>
      ))}
      {people.length > 0 ? (
        <ul className="people" aria-label="Participants" data-testid="participants">
          {people.map((name) => (
            <li key={name} className="person">
              <Avatar name={name} /> {name}
            </li>
          ))}
        </ul>
      ) : null}
    </header>
  );
}
