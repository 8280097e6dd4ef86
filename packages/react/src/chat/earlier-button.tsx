import { useRef } from 'react';
import type { Earlier } from '../use-earlier.ts';
import { useChatWords } from './chat-words.ts';

/** The way to what happened before. */
export function EarlierButton({ earlier: { state, load } }: { earlier: Earlier }) {
  const words = useChatWords();
  const wasThere = useRef(false);
  if (state !== 'none') wasThere.current = true;
  // In the place of the button, so that nothing moves.
  if (state === 'none') return wasThere.current ? <p className="nb-earlier">{words.begin}</p> : null;
  return (
    <div className="nb-earlier">
      {state === 'failed' ? <span role="alert">{words.earlierFailed}</span> : null}
      <button
        type="button"
        className="nb-earlier-button"
        data-testid="load-earlier"
        aria-disabled={state === 'loading'}
        onClick={load}
      >
        {state === 'loading' ? words.earlierLoading : state === 'failed' ? words.tryAgain : words.earlier}
      </button>
    </div>
  );
}
