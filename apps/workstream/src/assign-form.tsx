import { type FormEvent, useId, useState } from 'react';

interface AssignFormProps {
  /** Whom to suggest; any other name can be typed. */
  names: readonly string[];
  isBusy: boolean;
  onAssign: (name: string) => void;
}

/** Gives a task to somebody by name. */
export function AssignForm({ names, isBusy, onAssign }: AssignFormProps) {
  const [isOpen, setOpen] = useState(false);
  const list = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('assignee') ?? '').trim();
    if (name === '') return;
    setOpen(false);
    onAssign(name);
  };
  if (!isOpen) {
    return (
      <button
        type="button"
        className="button button--quiet"
        disabled={isBusy}
        data-testid="task-assign-open"
        onClick={() => setOpen(true)}
      >
        Assign to …
      </button>
    );
  }
  return (
    <form className="assign" onSubmit={submit}>
      <input
        name="assignee"
        className="assign-name"
        aria-label="Assign to"
        placeholder="Name"
        list={list}
        autoComplete="off"
        spellCheck={false}
        required
        data-testid="task-assign-name"
        // biome-ignore lint/a11y/noAutofocus: the field replaces the button that was just pressed.
        autoFocus
        onKeyDown={(event) => {
          if (event.key === 'Escape') setOpen(false);
        }}
      />
      <datalist id={list}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <button type="submit" className="button button--primary" disabled={isBusy} data-testid="task-assign">
        Assign
      </button>
    </form>
  );
}
