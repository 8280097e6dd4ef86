import { type Book, EMPTY } from './book.ts';

/** A book that all tabs of a person share, and that outlasts them. */
export interface KeptBook {
  getSnapshot: () => Book;
  subscribe: (listener: () => void) => () => void;
  /** Writes what has changed, from what is kept now: another tab may have written meanwhile. */
  write: (change: (book: Book) => Book) => void;
}

const keyOf = (userId: string) => `netbuild-workstream/notices/${userId}`;

/** Forgets what a person was told of: who signs out leaves nothing that was said to them behind. */
export function forgetBook(userId: string): void {
  try {
    localStorage.removeItem(keyOf(userId));
  } catch {
    // Where nothing may be kept, there is nothing.
  }
}

/** The book of a person in this browser. */
export function keptBook(userId: string): KeptBook {
  const key = keyOf(userId);
  const listeners = new Set<() => void>();
  let text: string | null = null;
  let book = EMPTY;
  const read = (): Book => {
    const now = itemOf(key);
    if (now !== text) {
      text = now;
      book = bookOf(now);
    }
    return book;
  };
  read();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const hear = (event: StorageEvent) => {
    if (event.key === key || event.key === null) {
      read();
      tell();
    }
  };
  return {
    getSnapshot: () => book,
    subscribe(listener) {
      if (listeners.size === 0) window.addEventListener('storage', hear);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) window.removeEventListener('storage', hear);
      };
    },
    write(change) {
      const before = read();
      const after = change(before);
      if (after === before) return;
      book = after;
      text = JSON.stringify(after);
      try {
        localStorage.setItem(key, text);
      } catch {
        // No room: it lives as long as the page. What is read back is then not taken for another tab's word.
        text = itemOf(key);
      }
      tell();
    },
  };
}

function itemOf(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function bookOf(text: string | null): Book {
  try {
    const kept = JSON.parse(text ?? 'null') as Book | null;
    return Array.isArray(kept?.notices) ? kept : EMPTY;
  } catch {
    return EMPTY;
  }
}
