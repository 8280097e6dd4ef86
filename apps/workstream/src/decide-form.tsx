import { type FormEvent, useState } from 'react';

interface DecideFormProps {
  /** Who rejects has to say why. */
  isReasonRequired: boolean;
  isBusy: boolean;
  onDecide: (decision: 'approved' | 'rejected', reason?: string) => void;
}

/** Approves by one press; rejects after a reason has been asked for. */
export function DecideForm({ isReasonRequired, isBusy, onDecide }: DecideFormProps) {
  const [isRejecting, setRejecting] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim();
    if (reason === '' && isReasonRequired) return;
    setRejecting(false);
    onDecide('rejected', reason === '' ? undefined : reason);
  };
  if (!isRejecting) {
    return (
      <>
        <button
          type="button"
          className="button button--good"
          disabled={isBusy}
          data-testid="task-approve"
          onClick={() => onDecide('approved')}
        >
          Approve
        </button>
        <button
          type="button"
          className="button button--bad"
          disabled={isBusy}
          data-testid="task-reject"
          onClick={() => setRejecting(true)}
        >
          Reject …
        </button>
      </>
    );
  }
  return (
    <form className="assign assign--whole" onSubmit={submit}>
      <input
        name="reason"
        className="assign-name"
        aria-label="Why do you reject it?"
        placeholder={isReasonRequired ? 'Why?' : 'Why? (optional)'}
        autoComplete="off"
        maxLength={2000}
        required={isReasonRequired}
        data-testid="task-reject-reason"
        // biome-ignore lint/a11y/noAutofocus: the field replaces the button that was just pressed.
        autoFocus
        onKeyDown={(event) => {
          if (event.key === 'Escape') setRejecting(false);
        }}
      />
      <button
        type="submit"
        className="button button--bad"
        disabled={isBusy}
        data-testid="task-reject-confirm"
      >
        Reject
      </button>
      <button
        type="button"
        className="button button--quiet"
        data-testid="task-reject-cancel"
        onClick={() => setRejecting(false)}
      >
        Cancel
      </button>
    </form>
  );
}
