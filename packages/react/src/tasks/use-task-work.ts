import type { ErrorDetails, Row } from '@netbuild/realtime-client';
import { useState } from 'react';
import { type LoadedForm, useLoadForm } from '../forms/load-form.ts';
import { useCommand } from '../use-command.ts';

/** What can be done with a task, and how far that has come. */
export interface TaskWork {
  isBusy: boolean;
  /** Why the last thing was not done. */
  refused: { error: ErrorDetails; by: string | undefined } | undefined;
  /** The form that is being filled in. */
  form: LoadedForm | undefined;
  claim(): void;
  giveBack(): void;
  assign(name: string): void;
  decide(decision: 'approved' | 'rejected', reason?: string): void;
  /** Opens the task's form; one that has none is completed as it is. */
  finish(): void;
  closeForm(): void;
  /** Takes the refusal off the screen. */
  dismiss(): void;
}

/** Refusals that tell of another's work, and are as true when the row tells of it too. */
const LASTING = new Set<ErrorDetails['code']>(['task_taken', 'task_closed', 'approval_closed']);

/** The commands of a task, for its card, which stays while the task changes hands. */
export function useTaskWork(row: Row<'task'>, me: string | undefined): TaskWork {
  const { taskId } = row.data;
  const claim = useCommand('task:claim');
  const unclaim = useCommand('task:unclaim');
  const assign = useCommand('task:assign');
  const complete = useCommand('task:complete');
  const decide = useCommand('approval:decide');
  const load = useLoadForm();
  const [form, setForm] = useState<LoadedForm>();
  const [isOpening, setOpening] = useState(false);
  const [openingError, setOpeningError] = useState<ErrorDetails>();
  const [noted, note] = useState<{ error: ErrorDetails; seq: number; isSeen?: true }>();

  const all = [claim, unclaim, assign, complete, decide];
  const error = all.find((command) => command.error)?.error ?? openingError;
  if (error && noted?.error !== error) note({ error, seq: row.seq });
  // Any other refusal was about the task as it then was; once it has changed, the card itself says what is so.
  const isShown = error && noted?.error === error && !noted.isSeen;
  const isTrue = isShown && (LASTING.has(error.code) || noted.seq === row.seq);

  return {
    isBusy: isOpening || all.some(({ status }) => status === 'running'),
    refused: isTrue ? { error, by: fasterThan(me, error, row) } : undefined,
    form,
    claim: () => void claim.run({ taskId }),
    giveBack: () => void unclaim.run({ taskId }),
    assign: (name) => void assign.run({ taskId, assignee: name }),
    decide: (decision, reason) =>
      void decide.run({ approvalId: taskId, decision, ...(reason === undefined ? {} : { reason }) }),
    async finish() {
      setOpening(true);
      setOpeningError(undefined);
      const found = await load(taskId);
      setOpening(false);
      if (!found) await complete.run({ taskId });
      else if ('error' in found) setOpeningError(found.error);
      else setForm(found);
    },
    closeForm: () => setForm(undefined),
    dismiss: () => noted && note({ ...noted, isSeen: true }),
  };
}

/** Who was faster, as far as the row tells already. */
function fasterThan(
  me: string | undefined,
  { code }: ErrorDetails,
  { data }: Row<'task'>,
): string | undefined {
  const { state, assignee, by } = data;
  const who = code === 'task_taken' ? assignee : state === 'open' ? undefined : (by ?? assignee);
  return who === me ? undefined : who;
}
