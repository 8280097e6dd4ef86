import { type FormEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useErrorWords } from '../parts/error-words.ts';
import { useCommand } from '../use-command.ts';
import { keepDraft, readDraft } from './drafts.ts';
import { FormField } from './form-field.tsx';
import type { LoadedForm } from './load-form.ts';
import { readParts } from './read-fields.ts';
import { useConditions } from './use-conditions.ts';

interface TaskFormProps {
  taskId: string;
  loaded: LoadedForm;
  /** Asks for the form anew. */
  onReload: () => void;
  onClose: () => void;
}

/** The form of a task: what is filled in completes it. It stays until that is done, whatever is wrong. */
export function TaskForm({ taskId, loaded, onReload, onClose }: TaskFormProps) {
  const { form, schema, data } = loaded;
  const [values, setValues] = useState(() => ({ ...data, ...readDraft(taskId)?.values }));
  const submit = useCommand('form:submit');
  const parts = useMemo(() => readParts(schema.components, data), [schema, data]);
  const isShown = useConditions(parts);
  const own = useRef<HTMLFormElement>(null);
  const faults = new Map(
    (submit.error?.faults ?? [])
      .toReversed()
      .map(({ field, message }) => [field.replace(/^data\./, ''), message]),
  );
  useEffect(() => {
    if (submit.error) own.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [submit.error]);

  const change = (key: string, value: unknown) => {
    const next = { ...values, [key]: value };
    setValues(next);
    keepDraft(taskId, { version: form.version, values: next });
  };
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const asked = parts.flatMap((part) =>
      part.kind === 'field' && !part.field.isFixed && isShown(part, values) ? [part.field.key] : [],
    );
    const filledIn = Object.fromEntries(asked.map((key) => [key, (values[key] ?? null) as never]));
    if (await submit.run({ taskId, form, data: filledIn })) keepDraft(taskId, undefined);
  };
  const { error } = submit;
  const errorWords = useErrorWords();

  return (
    <form
      className="nb-form"
      ref={own}
      onSubmit={send}
      noValidate
      data-testid="task-form"
      data-form-key={form.key}
    >
      {parts.map((part) =>
        !isShown(part, values) ? null : part.kind === 'text' ? (
          <p className="nb-quiet" key={part.key}>
            {part.text}
          </p>
        ) : (
          <FormField
            key={part.field.key}
            field={part.field}
            value={values[part.field.key]}
            fault={faults.get(part.field.key)}
            onChange={(value) => change(part.field.key, value)}
          />
        ),
      )}
      {error && faults.size === 0 ? (
        <p className="nb-refusal" role="alert" data-testid="form-error" data-code={error.code}>
          {errorWords(error)}
        </p>
      ) : null}
      <div className="nb-card-minor">
        <button
          type="submit"
          className="nb-button nb-button--primary"
          disabled={submit.status === 'running'}
          data-testid="form-submit"
        >
          {submit.status === 'running' ? 'Submitting …' : 'Submit'}
        </button>
        {error?.code === 'form_changed' ? (
          <button type="button" className="nb-button nb-button--quiet" onClick={onReload}>
            Open the new form
          </button>
        ) : null}
        <button type="button" className="nb-button nb-button--quiet" onClick={onClose}>
          Close
        </button>
      </div>
    </form>
  );
}
