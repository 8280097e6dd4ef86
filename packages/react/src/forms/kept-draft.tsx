import { useState } from 'react';
import { keepDraft, readDraft } from './drafts.ts';

/** What somebody had filled in for a task that has ended without it. */
export function KeptDraft({ taskId }: { taskId: string }) {
  const [draft, setDraft] = useState(() => readDraft(taskId));
  if (!draft) return null;
  const said = Object.entries(draft.values).filter(([, value]) => value !== null && value !== '');
  return (
    <div className="nb-refusal" role="status" data-testid="form-draft">
      <p>This task has ended without what you had filled in:</p>
      <ul>
        {said.map(([key, value]) => (
          <li key={key}>
            {key}: {typeof value === 'object' ? JSON.stringify(value) : String(value)}
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="nb-button nb-button--quiet"
        onClick={() => {
          keepDraft(taskId, undefined);
          setDraft(undefined);
        }}
      >
        Forget it
      </button>
    </div>
  );
}
