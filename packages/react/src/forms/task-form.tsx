import type { ErrorDetails } from '@netbuild/realtime-client';
import { useEffect, useState } from 'react';
import { useWords } from '../locale/locale.tsx';
import { Button } from '../parts/button.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { type LoadedForm, useLoadForm } from './load-form.ts';
import { OpenForm } from './open-form.tsx';

const WORDS = {
  en: { loading: 'Loading the form …', none: 'This task has no form.', again: 'Try again', close: 'Close' },
  de: {
    loading: 'Das Formular wird geladen …',
    none: 'Diese Aufgabe hat kein Formular.',
    again: 'Noch einmal versuchen',
    close: 'Schließen',
  },
};

/** Which task's form, and what happens when it is closed. */
export interface TaskFormProps {
  taskId: string;
  /** The form, where it is here already; else it is asked for. */
  loaded?: LoadedForm | undefined;
  /** Without it the form has no button that closes it. */
  onClose?: (() => void) | undefined;
}

/**
 * The form of a task: what is filled in completes it. It is form-js's viewer, loaded when the first form is shown;
 * its looks are in `form.css`. What is typed survives a reload, and stays until it is submitted, whatever is wrong.
 *
 * @example <TaskForm taskId={task.taskId} onClose={() => setOpen(false)} />
 */
export function TaskForm({ taskId, loaded: given, onClose }: TaskFormProps) {
  const words = useWords(WORDS);
  const load = useLoadForm();
  const [found, setFound] = useState<LoadedForm | { error: ErrorDetails } | 'none' | undefined>(given);
  const [isAsking, setAsking] = useState(given === undefined);
  useEffect(() => {
    if (!isAsking) return;
    let isHere = true;
    load(taskId).then((answer) => {
      if (!isHere) return;
      setFound(answer ?? 'none');
      setAsking(false);
    });
    return () => {
      isHere = false;
    };
  }, [isAsking, load, taskId]);
  const close = onClose ? <Button onPress={onClose}>{words.close}</Button> : null;

  if (found === undefined)
    return (
      <p className="nb-quiet" role="status">
        {words.loading}
      </p>
    );
  if (found === 'none')
    return (
      <div className="nb-form">
        <p className="nb-quiet">{words.none}</p>
        {close}
      </div>
    );
  if ('error' in found)
    return (
      <div className="nb-form">
        <Refusal error={found.error} name="form-error" />
        <div className="nb-card-minor">
          <Button isBusy={isAsking} onPress={() => setAsking(true)}>
            {words.again}
          </Button>
          {close}
        </div>
      </div>
    );
  return (
    <OpenForm
      key={found.form.version}
      taskId={taskId}
      loaded={found}
      onReload={() => setAsking(true)}
      close={close}
    />
  );
}
