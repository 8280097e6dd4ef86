import { type FormEvent, useRef, useState } from 'react';
import { useWords } from '../locale/locale.tsx';
import { Button } from '../parts/button.tsx';

const WORDS = {
  en: {
    approve: 'Approve',
    reject: 'Reject',
    rejectFirst: 'Reject …',
    why: 'Why?',
    whyOptional: 'Why? (optional)',
    label: 'Why do you reject it?',
    cancel: 'Cancel',
  },
  de: {
    approve: 'Zustimmen',
    reject: 'Ablehnen',
    rejectFirst: 'Ablehnen …',
    why: 'Warum?',
    whyOptional: 'Warum? (freiwillig)',
    label: 'Warum lehnen Sie ab?',
    cancel: 'Abbrechen',
  },
};

interface DecideFormProps {
  /** Who rejects has to say why. */
  isReasonRequired: boolean;
  isBusy: boolean;
  onDecide: (decision: 'approved' | 'rejected', reason?: string) => void;
}

/** Approves by one press; rejects after a reason has been asked for. */
export function DecideForm({ isReasonRequired, isBusy, onDecide }: DecideFormProps) {
  const words = useWords(WORDS);
  const [isRejecting, setRejecting] = useState(false);
  // The button that opened it gets the focus back.
  const wasOpen = useRef(false);
  const close = () => {
    wasOpen.current = true;
    setRejecting(false);
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim();
    if (reason === '' && isReasonRequired) return;
    close();
    onDecide('rejected', reason === '' ? undefined : reason);
  };
  if (!isRejecting) {
    return (
      <>
        <Button
          kind="primary"
          isBusy={isBusy}
          data-testid="task-approve"
          onPress={() => onDecide('approved')}
        >
          {words.approve}
        </Button>
        <Button
          kind="framed"
          isBusy={isBusy}
          autoFocus={wasOpen.current}
          data-testid="task-reject"
          onPress={() => setRejecting(true)}
        >
          {words.rejectFirst}
        </Button>
      </>
    );
  }
  return (
    <form className="nb-ask nb-ask--whole" onSubmit={submit}>
      <input
        name="reason"
        className="nb-input"
        aria-label={words.label}
        placeholder={isReasonRequired ? words.why : words.whyOptional}
        autoComplete="off"
        maxLength={2000}
        required={isReasonRequired}
        data-testid="task-reject-reason"
        // biome-ignore lint/a11y/noAutofocus: the field replaces the button that was just pressed.
        autoFocus
        onKeyDown={(event) => {
          if (event.key === 'Escape') close();
        }}
      />
      <Button type="submit" kind="bad" isBusy={isBusy} data-testid="task-reject-confirm">
        {words.reject}
      </Button>
      <Button data-testid="task-reject-cancel" onPress={close}>
        {words.cancel}
      </Button>
    </form>
  );
}
