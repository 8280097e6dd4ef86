import { type FormEvent, lazy, Suspense, useRef, useState } from 'react';
import { useWords } from '../locale/locale.tsx';
import { Button } from '../parts/button.tsx';

/** Loaded when somebody assigns: what suggests names is as large as all else of a card. */
const NameField = lazy(() => import('./name-field.tsx').then(({ NameField }) => ({ default: NameField })));

const WORDS = {
  en: { open: 'Assign to …', assign: 'Assign', cancel: 'Cancel' },
  de: { open: 'Zuweisen …', assign: 'Zuweisen', cancel: 'Abbrechen' },
};

interface AssignFormProps {
  /** Whom to suggest; any other name can be typed. */
  names: readonly string[];
  isBusy: boolean;
  onAssign: (name: string) => void;
}

/** Gives a task to somebody by name. */
export function AssignForm({ names, isBusy, onAssign }: AssignFormProps) {
  const words = useWords(WORDS);
  const [isOpen, setOpen] = useState(false);
  // The button that opened it gets the focus back.
  const wasOpen = useRef(false);
  const close = () => {
    wasOpen.current = true;
    setOpen(false);
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('assignee') ?? '').trim();
    if (name === '') return;
    close();
    onAssign(name);
  };
  if (!isOpen) {
    return (
      <Button
        isBusy={isBusy}
        autoFocus={wasOpen.current}
        data-testid="task-assign-open"
        onPress={() => setOpen(true)}
      >
        {words.open}
      </Button>
    );
  }
  return (
    <form className="nb-ask" onSubmit={submit}>
      <Suspense fallback={<span className="nb-input" aria-busy="true" />}>
        <NameField names={names} onCancel={close} />
      </Suspense>
      <Button type="submit" kind="primary" isBusy={isBusy} data-testid="task-assign">
        {words.assign}
      </Button>
      <Button onPress={close}>{words.cancel}</Button>
    </form>
  );
}
