import type { ErrorDetails, Row } from '@netbuild/realtime-client';
import { useMemo, useState } from 'react';
import { type LoadedForm, useLoadForm } from '../forms/load-form.ts';
import { useRefusal } from '../parts/use-refusal.ts';
import { useCommand } from '../use-command.ts';

/** What can be done with a task. */
export interface TaskDeeds {
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

/** How far what was done with it has come. */
export interface TaskWork {
  isBusy: boolean;
  /** Why the last thing was not done. */
  refused: { error: ErrorDetails; by: string | undefined } | undefined;
  /** The form that is being filled in. */
  form: LoadedForm | undefined;
  /** The same as long as the task is: what shows them need not be drawn anew when something else has changed. */
  deeds: TaskDeeds;
}

/** The commands of a task, for its card, which stays while the task changes hands. */
export function useTaskWork(row: Row<'task'>, me: string | undefined): TaskWork {
  const { taskId } = row.data;
  const claim = useCommand('task:claim', taskId);
  const unclaim = useCommand('task:unclaim', taskId);
  const assign = useCommand('task:assign', taskId);
  const complete = useCommand('task:complete', taskId);
  const decide = useCommand('approval:decide', taskId);
  const load = useLoadForm();
  const [form, setForm] = useState<LoadedForm>();
  const [isOpening, setOpening] = useState(false);
  const [openingError, setOpeningError] = useState<ErrorDetails>();
  const all = [claim, unclaim, assign, complete, decide];

  const runs = all.flatMap(({ run, reset }) => [run, reset]);
  const deeds = useMemo<TaskDeeds>(
    () => ({
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
      dismiss() {
        for (const { reset } of all) reset();
        setOpeningError(undefined);
      },
    }),
    [taskId, load, ...runs],
  );
  const error = useRefusal(row, all.find((command) => command.error)?.error ?? openingError, deeds.dismiss);
  return {
    isBusy: isOpening || all.some(({ status }) => status === 'running'),
    refused: error && { error, by: fasterThan(me, error, row) },
    form,
    deeds,
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
