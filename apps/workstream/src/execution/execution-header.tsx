import { Avatar, type Row } from '@netbuild/realtime-react';
import type { ReactNode } from 'react';
import { myWorkHref } from '../routing/route.ts';
import { usePageTitle } from '../shell/use-page-title.ts';
import { useExecutionWords } from './words.ts';

interface ExecutionHeaderProps {
  /** `undefined` until it is known. */
  title: string | undefined;
  people: readonly string[];
  processes: readonly Row<'process'>[];
  incidents: readonly Row<'incident'>[];
  /** What can be done here. */
  children?: ReactNode;
}

/** Faces that are shown; the others are in the words. */
const FACES = 6;

/** What an execution is called, how its processes stand, and who takes part. */
export function ExecutionHeader({ title, people, processes, incidents, children }: ExecutionHeaderProps) {
  const words = useExecutionWords();
  const heading = usePageTitle(title ?? words.workstream);
  return (
    <header className="execution-head">
      <div className="execution-names">
        <a className="back" href={myWorkHref()}>
          <span aria-hidden="true">← </span>
          <span className="back-words">{words.back}</span>
        </a>
        <h1 ref={heading} tabIndex={-1} className="page-title" data-testid="execution-title">
          {title ?? <span className="skeleton skeleton--title">{words.loading}</span>}
        </h1>
      </div>
      <div className="execution-facts">
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
              <span className="process-name">
                {data.processDefinitionName ?? data.processDefinitionKey ?? words.process}
              </span>
              <span className={`nb-chip nb-chip--${data.state}`}>{words.states[data.state]}</span>
            </li>
          ))}
        </ul>
        {children}
        {people.length > 0 ? (
          <ul className="avatars" aria-label={words.participants} data-testid="participants">
            {people.slice(0, FACES).map((name) => (
              <li key={name} title={name}>
                <Avatar name={name} />
                <span className="nb-hidden">{name}</span>
              </li>
            ))}
            {people.length > FACES ? (
              <li className="quiet" title={people.slice(FACES).join(', ')}>
                +{people.length - FACES}
              </li>
            ) : null}
          </ul>
        ) : null}
      </div>
      {incidents.map(({ subject, data }) => (
        <p
          key={subject}
          className="problem"
          role="alert"
          data-testid="incident"
          data-incident-id={data.incidentId}
        >
          {words.stuck(data.activityId, data.message)}
        </p>
      ))}
    </header>
  );
}
