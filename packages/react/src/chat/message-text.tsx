import { type ReactNode, useMemo, useSyncExternalStore } from 'react';

type Render = (text: string) => ReactNode | undefined;

/** What may be Markdown: marks, lists, what looks like an address. Most of what people say is not, and needs nothing. */
const MARKED = /[*_~`[\]<>|#\\]|^\s*(?:[+-]|\d+[.)])\s|^\s*[=-]+\s*$|:\/\/|www\.|@/m;

let render: Render | undefined;
let isAskedFor = false;
const waiting = new Set<() => void>();

/** Fetches what takes Markdown apart, once somebody needs it: it is larger than all the rest of the chat. */
async function fetchIt(): Promise<void> {
  isAskedFor = true;
  try {
    render = (await import('./markdown.tsx')).renderMarkdown;
    for (const tell of [...waiting]) tell();
  } catch {
    // Without a network, say. The text is there, and the next message tries again.
    isAskedFor = false;
  }
}

function listen(listener: () => void): () => void {
  waiting.add(listener);
  return () => waiting.delete(listener);
}

function follow(listener: () => void): () => void {
  if (!isAskedFor) void fetchIt();
  return listen(listener);
}

const nothing = (): (() => void) => () => undefined;
const current = (): Render | undefined => render;
const none = (): undefined => undefined;

/** Whether texts are taken apart by now; to ask does not fetch what does it. */
export function useMarkdownThere(): boolean {
  return useSyncExternalStore(listen, current, none) !== undefined;
}

/** What a person has said, in Markdown; as it was written until it is taken apart. */
export function MessageText({ text }: { text: string }) {
  const isMarked = useMemo(() => MARKED.test(text), [text]);
  const how = useSyncExternalStore(isMarked ? follow : nothing, isMarked ? current : none, none);
  const content = useMemo(() => how?.(text), [how, text]);
  return content === undefined ? (
    <p className="nb-message-text">{text}</p>
  ) : (
    <div className="nb-message-text nb-markdown">{content}</div>
  );
}
