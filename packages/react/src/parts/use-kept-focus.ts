import { type RefObject, useEffect, useRef } from 'react';
import { useBeforePaint } from '../use-before-paint.ts';

/** Milliseconds within which a card that has gone may come back at another place. */
const SOON = 1000;

/** The card that had the focus when it went. */
let gone: { subject: string; at: number } | undefined;

/**
 * When what had the focus in a card goes, the card itself has it, so that nobody is sent to the top of the page; also
 * where the card goes, and comes back in another list, as a task does that somebody takes.
 */
export function useKeptFocus(card: RefObject<HTMLElement | null>, subject: string): void {
  const held = useRef<EventTarget | null>(null);
  useEffect(() => {
    const element = card.current!;
    const enter = ({ target }: FocusEvent) => {
      held.current = target;
    };
    const leave = ({ relatedTarget }: FocusEvent) => {
      if (relatedTarget && !element.contains(relatedTarget as Node)) held.current = null;
    };
    element.addEventListener('focusin', enter);
    element.addEventListener('focusout', leave);
    return () => {
      element.removeEventListener('focusin', enter);
      element.removeEventListener('focusout', leave);
    };
  }, [card]);
  useBeforePaint(() => {
    const element = card.current!;
    if (gone?.subject === subject && Date.now() - gone.at < SOON) take(element);
    return () => {
      if (element.contains(document.activeElement)) gone = { subject, at: Date.now() };
    };
  }, [card, subject]);
  useBeforePaint(() => {
    if (held.current instanceof Element && !held.current.isConnected) {
      held.current = null;
      take(card.current!);
    }
  });
}

/** Nothing else has the focus: it is not taken from anybody. */
function take(card: HTMLElement): void {
  gone = undefined;
  const { activeElement } = document;
  if (activeElement === null || activeElement === document.body) card.focus({ preventScroll: true });
}
