/** What a page looked like when it was left: how far its parts were scrolled, and what had the focus. */
interface Look {
  scroll: Record<string, number>;
  /** A selector of the one element. */
  focus?: string | undefined;
}

/** Entries of the browser's history that this page knows, by the key in each one's state. */
const looks = new Map<string, Look>();

/** Of more entries than anybody goes back, nothing is known. */
const MOST = 100;

/** Milliseconds after which somebody has scrolled to where they read. */
const SETTLED = 250;

let settling: ReturnType<typeof setTimeout> | undefined;
let current = '';
let isReturn = false;

/**
 * Follows the browser's history, so that going back and forward finds a page as it was left. To be called once,
 * before the first page is shown. A reload keeps what is known of the entry it is at.
 */
export function followHistory(): void {
  history.scrollRestoration = 'manual';
  enter();
  // In the capture phase: before the routes render what the address now names.
  window.addEventListener('hashchange', enter, { capture: true });
  document.addEventListener('focusin', ({ target }) => {
    const focus = target instanceof Element ? selectorOf(target) : undefined;
    if (focus) lookHere().focus = focus;
  });
}

/** How a page looked that was come back to; nothing where it is a new one. */
export function keptLook(): Look | undefined {
  return isReturn ? looks.get(current) : undefined;
}

/** How far a part of the page was scrolled, where it is come back to. */
export const keptScroll = (name: string): number => keptLook()?.scroll[name] ?? 0;

/** Remembers how far a part of the page is scrolled. */
export function keepScroll(name: string, top: number): void {
  lookHere().scroll[name] = top;
  clearTimeout(settling);
  settling = setTimeout(keepForReload, SETTLED);
}

/** For a reload. When the page goes it would be too late, and at each event of a scroll browsers would refuse it. */
function keepForReload(): void {
  const state: unknown = history.state;
  history.replaceState({ ...(isRecord(state) ? state : {}), look: looks.get(current) }, '');
}

function enter(): void {
  const state: unknown = history.state;
  const known = isRecord(state) && typeof state.key === 'string' ? state : undefined;
  isReturn = known !== undefined;
  current = known ? String(known.key) : crypto.randomUUID();
  if (!known) history.replaceState({ key: current }, '');
  else if (isLook(known.look) && !looks.has(current)) looks.set(current, known.look);
}

function lookHere(): Look {
  const look = looks.get(current) ?? { scroll: {} };
  looks.delete(current);
  looks.set(current, look);
  if (looks.size > MOST) looks.delete(looks.keys().next().value!);
  return look;
}

/** Links are found again by where they lead, other things by their ids or what they are called in tests. */
function selectorOf(element: Element): string | undefined {
  const href = element.getAttribute('href');
  if (href) return `a[href=${CSS.escape(href) === href ? href : JSON.stringify(href)}]`;
  if (element.id && !/[:«»]/.test(element.id)) return `#${CSS.escape(element.id)}`;
  return undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isLook = (value: unknown): value is Look => isRecord(value) && isRecord(value.scroll);
