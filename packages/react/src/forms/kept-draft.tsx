import type { Row } from '@netbuild/realtime-client';
import { useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useWords } from '../locale/locale.tsx';
import { Button } from '../parts/button.tsx';
import { type Draft, dropDraft, parseDraft, readUnsent, subscribeToDrafts } from './drafts.ts';

const WORDS = {
  en: {
    completed: (by: string) => `${by} was faster: this task is done.`,
    taken: (by: string) => `${by} has this task now.`,
    ended: 'This task has ended without what you had filled in.',
    filled: 'What you had filled in:',
    copy: 'Copy',
    copied: 'Copied',
    forget: 'Forget it',
    yes: 'yes',
    no: 'no',
  },
  de: {
    completed: (by: string) => `${by} war schneller: Diese Aufgabe ist erledigt.`,
    taken: (by: string) => `${by} hat jetzt diese Aufgabe.`,
    ended: 'Diese Aufgabe wurde ohne Ihre Eingaben beendet.',
    filled: 'Das hatten Sie ausgefüllt:',
    copy: 'Kopieren',
    copied: 'Kopiert',
    forget: 'Verwerfen',
    yes: 'ja',
    no: 'nein',
  },
};

interface KeptDraftProps {
  row: Row<'task'>;
  me: string | undefined;
}

/** What somebody had filled in for a task that has ended without it, or is another's now; and by whom. */
export function KeptDraft({ row, me }: KeptDraftProps) {
  const words = useWords(WORDS);
  const { taskId, state, assignee, by } = row.data;
  const owner = { me, taskId };
  const text = useSyncExternalStore(
    subscribeToDrafts,
    () => readUnsent(owner),
    () => null,
  );
  const draft = useMemo(() => parseDraft(text), [text]);
  const [isCopied, setCopied] = useState(false);
  const list = useRef<HTMLDListElement>(null);
  if (!draft) return null;
  const said = saidOf(draft, words);
  const who = state === 'open' ? assignee : (by ?? assignee);
  const isByMe = who === undefined || who === me;
  const copy = async () => {
    await copyText(said.map(([label, value]) => `${label}: ${value}`).join('\n'), list.current!);
    setCopied(true);
  };
  return (
    <div className="nb-kept" role="status" data-testid="form-draft">
      <p>
        <strong>
          {isByMe || state === 'cancelled'
            ? words.ended
            : state === 'open'
              ? words.taken(who)
              : words.completed(who)}
        </strong>{' '}
        {words.filled}
      </p>
      <dl className="nb-kept-values" ref={list}>
        {said.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt> <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="nb-card-minor">
        <Button data-testid="form-draft-copy" onPress={() => void copy()}>
          {isCopied ? words.copied : words.copy}
        </Button>
        <Button data-testid="form-draft-forget" onPress={() => dropDraft(owner)}>
          {words.forget}
        </Button>
      </div>
    </div>
  );
}

function saidOf(
  { values, labels }: Draft,
  words: { yes: string; no: string },
): [label: string, value: string][] {
  const isSaid = (value: unknown) =>
    value !== null && value !== '' && !(Array.isArray(value) && !value.length);
  return Object.entries(values)
    .filter(([, value]) => isSaid(value))
    .map(([key, value]) => [labels[key] ?? key, textOf(value, words)]);
}

function textOf(value: unknown, words: { yes: string; no: string }): string {
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (Array.isArray(value)) return value.map((one) => textOf(one, words)).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A page that is not served securely has no clipboard of its own: there the element's text is selected and taken. */
async function copyText(text: string, shown: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    getSelection()?.selectAllChildren(shown);
    document.execCommand('copy');
  }
}
