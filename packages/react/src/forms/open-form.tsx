import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useLocale, useWords } from '../locale/locale.tsx';
import { Button } from '../parts/button.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { useBeforePaint } from '../use-before-paint.ts';
import { useCommand } from '../use-command.ts';
import { useIdentity } from '../use-status.ts';
import { dropDraft, keepDraft, markSent, readDraft } from './drafts.ts';
import type { FormViewer, Values } from './form-viewer.ts';
import type { LoadedForm } from './load-form.ts';

const WORDS = {
  en: {
    label: 'Form of this task',
    loading: 'Loading the form …',
    failed: 'The form could not be loaded.',
    again: 'Try again',
    faults: (count: number) =>
      count === 1 ? 'One field needs your attention.' : `${count} fields need your attention.`,
    submit: 'Submit',
    submitting: 'Submitting …',
    reload: 'Open the new form',
    changed: 'The form has changed since you filled it in. Please look it over.',
  },
  de: {
    label: 'Formular dieser Aufgabe',
    loading: 'Das Formular wird geladen …',
    failed: 'Das Formular konnte nicht geladen werden.',
    again: 'Noch einmal versuchen',
    faults: (count: number) =>
      count === 1 ? 'Ein Feld braucht Ihre Aufmerksamkeit.' : `${count} Felder brauchen Ihre Aufmerksamkeit.`,
    submit: 'Absenden',
    submitting: 'Wird abgesendet …',
    reload: 'Das neue Formular öffnen',
    changed:
      'Das Formular hat sich geändert, seit Sie es ausgefüllt haben. Bitte sehen Sie es noch einmal durch.',
  },
};

interface OpenFormProps {
  taskId: string;
  loaded: LoadedForm;
  /** Asks for the form anew. */
  onReload: () => void;
  /** The button that closes it. */
  close: ReactNode;
}

/** A form that is here, to be filled in and submitted. */
export function OpenForm({ taskId, loaded, onReload, close }: OpenFormProps) {
  const words = useWords(WORDS);
  const { language } = useLocale();
  const me = useIdentity()?.userId;
  const { form, schema, data } = loaded;
  const box = useRef<HTMLDivElement>(null);
  const viewer = useRef<FormViewer>(undefined);
  const [state, setState] = useState<'loading' | 'open' | 'failed'>('loading');
  const [isOfOld] = useState(() => (readDraft({ me, taskId })?.version ?? form.version) !== form.version);
  const [others, setOthers] = useState<readonly string[]>([]);
  // It stays until the next try: what is below it is not to move while somebody mends.
  const [faults, setFaults] = useState(0);
  const submit = useCommand('form:submit');
  const { error } = submit;
  const isSending = useRef(false);

  const send = async (values: Values) => {
    if (isSending.current) return;
    isSending.current = true;
    setOthers([]);
    setFaults(0);
    markSent({ me, taskId }, true);
    const done = await submit.run({ taskId, form, data: values as never });
    markSent({ me, taskId }, false);
    isSending.current = false;
    if (done) dropDraft({ me, taskId });
  };
  const latest = useRef(send);
  latest.current = send;

  // Before the element goes, so that what was typed last is kept.
  useBeforePaint(() => {
    if (state === 'failed') return;
    let isOver = false;
    const owner = { me, taskId };
    const opening = import('./form-viewer.ts').then(({ openForm }) =>
      isOver
        ? undefined
        : openForm({
            container: box.current!,
            schema,
            values: { ...data, ...readDraft(owner)?.values },
            language,
            label: words.label,
            onChange: (values) =>
              keepDraft(owner, { version: form.version, values, labels: viewer.current?.labels() ?? {} }),
            onFaults: setFaults,
            onSubmit: (values) => void latest.current(values),
          }),
    );
    opening.then(
      (opened) => {
        if (isOver) opened?.close();
        else {
          viewer.current = opened;
          setState('open');
        }
      },
      () => setState('failed'),
    );
    return () => {
      isOver = true;
      viewer.current?.close();
      viewer.current = undefined;
    };
  }, [me, taskId, form.version, schema, data, language, words.label, state === 'failed']);

  useEffect(() => {
    if (!error?.faults) return;
    const found = new Map(
      error.faults.toReversed().map(({ field, message }) => [field.replace(/^data\./, ''), message]),
    );
    const rest = viewer.current?.showFaults(found) ?? [];
    setOthers(rest);
    setFaults(found.size - rest.length);
  }, [error]);

  return (
    <section className="nb-form" data-testid="task-form" data-form-key={form.key} data-state={state}>
      {isOfOld ? <p className="nb-notice">{words.changed}</p> : null}
      {state === 'loading' ? (
        <p className="nb-quiet" role="status">
          {words.loading}
        </p>
      ) : null}
      {state === 'failed' ? (
        <p className="nb-refusal" role="alert">
          {words.failed}
          <Button onPress={() => setState('loading')}>{words.again}</Button>
        </p>
      ) : null}
      {faults > 0 ? (
        <p className="nb-refusal" role="alert" data-testid="form-faults">
          {words.faults(faults)}
        </p>
      ) : null}
      <div ref={box} />
      {error && (!error.faults || others.length > 0) ? (
        <Refusal
          error={others.length > 0 ? { ...error, message: others.join(' ') } : error}
          name="form-error"
        />
      ) : null}
      <div className="nb-form-end">
        <Button
          kind="primary"
          isDisabled={state !== 'open'}
          isBusy={submit.status === 'running'}
          data-testid="form-submit"
          onPress={() => viewer.current?.submit()}
        >
          {submit.status === 'running' ? words.submitting : words.submit}
        </Button>
        {error?.code === 'form_changed' ? <Button onPress={onReload}>{words.reload}</Button> : null}
        {close}
      </div>
    </section>
  );
}
