import type { Trust } from '../trust.ts';
import { type ChatWords, useChatWords } from './chat-words.ts';

/** What is to be said of the whole conversation: that it is not there, or may not be as it is. */
export function Note({ trust, isEmpty }: { trust: Trust; isEmpty: boolean }) {
  const text = textOf(trust, isEmpty, useChatWords());
  return text === undefined ? null : (
    <p className="nb-note" role="status" data-testid="chat-note">
      {text}
    </p>
  );
}

function textOf({ status, isKnown }: Trust, isEmpty: boolean, words: ChatWords): string | undefined {
  if (status === 'refused') return words.refused;
  if (!isKnown) return status === 'offline' ? words.offlineAtFirst : words.loading;
  if (status === 'offline') return words.offline;
  if (status === 'stale') return words.stale;
  return isEmpty ? words.empty : undefined;
}
