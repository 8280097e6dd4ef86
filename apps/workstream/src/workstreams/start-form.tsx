import { useCommand, useErrorWords } from '@netbuild/realtime-react';
import { type FormEvent, useState } from 'react';
import { executionHref, go } from '../routing/route.ts';
import { useWorkstreamWords } from './words.ts';

/** The way to start a process: a button, since that is done now and then, which a form takes the place of. */
export function Start() {
  const words = useWorkstreamWords();
  const [isOpen, setOpen] = useState(false);
  if (isOpen) return <StartForm onClose={() => setOpen(false)} />;
  return (
    <button
      type="button"
      className="nb-button nb-button--framed"
      data-testid="start-open"
      onClick={() => setOpen(true)}
    >
      {words.start}
    </button>
  );
}

/** Starts a process, and goes where it can be watched. */
function StartForm({ onClose }: { onClose: () => void }) {
  const words = useWorkstreamWords();
  const errorWords = useErrorWords();
  const start = useCommand('process:start');
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const field = (name: string) => String(fields.get(name) ?? '').trim();
    const done = await start.run({
      processDefinitionKey: field('processDefinitionKey'),
      title: field('title'),
      variables: { serviceName: field('serviceName') },
    });
    if (done) go(executionHref(done.result.executionId));
  };
  return (
    <form className="panel start" onSubmit={submit} data-testid="start-form">
      <h2>{words.start}</h2>
      <label className="field">
        <span>{words.title}</span>
        <input
          name="title"
          // biome-ignore lint/a11y/noAutofocus: the form replaces the button that was just pressed.
          autoFocus
          className="input"
          required
          maxLength={200}
          placeholder={words.titleExample}
          data-testid="start-title"
        />
      </label>
      <label className="field">
        <span>{words.service}</span>
        <input
          name="serviceName"
          className="input"
          required
          placeholder={words.serviceExample}
          spellCheck={false}
          data-testid="start-service"
        />
      </label>
      <details className="more">
        <summary>{words.definition}</summary>
        <label className="field">
          <span>{words.key}</span>
          <input
            name="processDefinitionKey"
            className="input"
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
      <div className="row">
        <button
          type="submit"
          className="nb-button nb-button--primary"
          disabled={start.status === 'running'}
          data-testid="start-submit"
        >
          {start.status === 'running' ? words.starting : words.submit}
        </button>
        <button type="button" className="nb-button nb-button--quiet" onClick={onClose}>
          {words.cancel}
        </button>
      </div>
    </form>
  );
}
