import { type ErrorDetails, type ListName, RealtimeError } from '@netbuild/realtime-client';
import type { RealtimeEvent } from '@netbuild/realtime-protocol';
import { type FormEvent, useId, useRef, useState } from 'react';
import { useWebSocket } from '../context.ts';
import { atOnce } from '../pace.ts';
import { useErrorWords } from '../parts/error-words.ts';
import { useBeforePaint } from '../use-before-paint.ts';
import { useView } from '../use-view.ts';
import { type Action, actionsOf, partsOf } from './actions.ts';
import { useChatWords } from './chat-words.ts';

interface LineActionsProps {
  event: RealtimeEvent;
  me: string | undefined;
  /** What the buttons are about, in the words of the line. */
  about: string;
}

/** What the newest row of a line's subject lets a person do, be it newer than the line. */
export function LineActions({ event, me, about }: LineActionsProps) {
  const [kind, id] = partsOf(event.subject);
  const row = useView(`${kind}s` as ListName, { id }).data[0];
  const words = useChatWords();
  const actions = row ? actionsOf(row, me, words) : [];
  return actions.length > 0 ? <Buttons seq={row!.seq} actions={actions} about={about} /> : null;
}

interface ButtonsProps {
  seq: number;
  actions: readonly Action[];
  about: string;
}

/** The buttons themselves. Their effect is not assumed: it comes by its event. */
function Buttons({ seq, actions, about }: ButtonsProps) {
  const { client } = useWebSocket();
  const words = useChatWords();
  const errorWords = useErrorWords();
  const [isBusy, setBusy] = useState(false);
  const [asking, setAsking] = useState<string>();
  // A refusal was about the row as it then was.
  const [refused, setRefused] = useState<{ seq: number; error: ErrorDetails }>();
  const error = refused?.seq === seq ? refused.error : undefined;
  const asked = actions.find(({ label, asks }) => asks && label === asking);
  const box = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const fieldId = useId();

  // When what was pressed goes, the line that it stood in has the focus, so that nobody is sent to the top of the page.
  useBeforePaint(() => {
    const line = box.current!.parentElement!;
    return () => {
      if (!line.contains(document.activeElement)) return;
      line.tabIndex = -1;
      line.focus({ preventScroll: true });
    };
  }, []);

  const give = async ({ command, input }: Action, more: object = {}) => {
    if (isBusy) return;
    setBusy(true);
    setRefused(undefined);
    try {
      await atOnce(() => client.command(command, { ...input, ...more } as never));
      close();
    } catch (thrown) {
      if (!(thrown instanceof RealtimeError)) throw thrown;
      setRefused({ seq, error: thrown.details });
    } finally {
      setBusy(false);
    }
  };
  const close = () => {
    setAsking(undefined);
    if (box.current?.contains(document.activeElement)) opener.current?.focus();
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('text') ?? '').trim();
    if (asked?.asks) void give(asked, text === '' ? {} : { [asked.asks.field]: text });
  };

  return (
    <div className="nb-line-actions" ref={box} aria-busy={isBusy} data-testid="line-actions">
      {actions.map((action) => (
        <button
          key={action.label}
          type="button"
          className={`nb-action nb-action--${action.tone ?? 'plain'}`}
          data-testid="line-action"
          data-command={action.command}
          aria-label={`${action.label}: ${about}`}
          aria-expanded={action.asks ? action === asked : undefined}
          // Not `disabled`, which would take the focus away.
          aria-disabled={isBusy}
          onClick={({ currentTarget }) => {
            opener.current = currentTarget;
            if (action.asks) setAsking(action === asked ? undefined : action.label);
            else void give(action);
          }}
        >
          {action.label}
        </button>
      ))}
      {asked?.asks ? (
        <form
          key={asked.label}
          className="nb-action-form"
          onSubmit={submit}
          onKeyDown={({ key }) => {
            if (key === 'Escape') close();
          }}
        >
          <label htmlFor={fieldId}>{asked.asks.label}</label>
          <input
            id={fieldId}
            name="text"
            className="nb-action-field"
            autoComplete="off"
            required={asked.asks.isRequired}
            data-testid="line-action-field"
            // biome-ignore lint/a11y/noAutofocus: the button that was just pressed asks for it.
            autoFocus
          />
          <button
            type="submit"
            className={`nb-action nb-action--${asked.tone ?? 'plain'}`}
            data-testid="line-action-send"
            aria-label={`${words.send}: ${asked.label}: ${about}`}
            aria-disabled={isBusy}
          >
            {words.send}
          </button>
        </form>
      ) : null}
      {error ? (
        <p className="nb-action-error" role="alert" data-testid="line-error" data-code={error.code}>
          {words.notDone(errorWords(error))}
        </p>
      ) : null}
    </div>
  );
}
