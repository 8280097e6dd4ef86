import { useCommand, useErrorWords } from '@netbuild/realtime-react';
import type { FormEvent } from 'react';
import { executionHref } from './route.ts';

/** Starts a process, and goes where it can be watched. */
export function StartForm() {
  const start = useCommand('process:start');
  const errorWords = useErrorWords();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const field = (name: string) => String(fields.get(name) ?? '').trim();
    const done = await start.run({
      processDefinitionKey: field('processDefinitionKey'),
      title: field('title'),
      variables: { serviceName: field('serviceName') },
    });
    if (done) location.hash = executionHref(done.result.executionId);
  };
  return (
    <form className="panel start" onSubmit={submit} data-testid="start-form">
      <h2>Start a process</h2>
      <label className="field">
        <span>Title</span>
        <input
          name="title"
          required
          maxLength={200}
          placeholder="Deliver the invoice service"
          data-testid="start-title"
        />
      </label>
      <label className="field">
        <span>Service name</span>
        <input
          name="serviceName"
          required
          placeholder="invoice-service"
          spellCheck={false}
          data-testid="start-service"
        />
      </label>
      <details className="more">
        <summary>Process definition</summary>
        <label className="field">
          <span>Key</span>
          <input
            name="processDefinitionKey"
            required
            defaultValue="microservice-delivery"
            spellCheck={false}
            data-testid="start-key"
          />
        </label>
      </details>
      {start.error ? (
        <p className="problem" role="alert" data-testid="start-error" data-code={start.error.code}>
          {errorWords(start.error)}
        </p>
      ) : null}
      <button
        type="submit"
        className="button button--primary"
        disabled={start.status === 'running'}
        data-testid="start-submit"
      >
        {start.status === 'running' ? 'Starting …' : 'Start'}
      </button>
    </form>
  );
}
