import { type Status, useFormats, useStatus, useWebSocket } from '@netbuild/realtime-react';
import { useEffect, useState } from 'react';
import { useConnectionWords } from './connection-words.ts';

/** Whether what is shown is what is, and what goes on where it is not. */
export function ConnectionPill() {
  const { client } = useWebSocket();
  const status = useStatus();
  const words = useConnectionWords();
  const { clock } = useFormats();
  const seconds = useSecondsUntil(status.state === 'offline' ? status.retryAt : undefined);
  const button = BUTTONS[status.state];
  return (
    <div className="connection">
      <span
        className={`pill pill--${status.state}`}
        role="status"
        data-testid="connection-status"
        data-state={status.state}
      >
        <span className="pill-dot" aria-hidden="true" />
        <span className="pill-words">
          {words.states[status.state]}
          {status.state === 'stale' ? words.since(clock(new Date(status.provedAt).toISOString())) : null}
          {status.rebuilding ? words.rebuilding : null}
          {/* A live connection speaks for itself: a gateway on this machine needs no network. */}
          {status.deviceOffline && status.state !== 'live' ? words.noNetwork : null}
          {seconds === undefined ? null : (
            // Quiet for readers of the screen: a countdown would never stop talking.
            <span aria-hidden="true">{words.retry(seconds)}</span>
          )}
        </span>
      </span>
      {button ? (
        <button
          type="button"
          className="nb-button nb-button--quiet"
          data-testid="connect-now"
          onClick={() => client.connect()}
        >
          {words.buttons[button]}
        </button>
      ) : null}
    </div>
  );
}

/** What `connect()` is called where it does something. */
const BUTTONS: { [S in Status['state']]?: 'retry' | 'reconnect' | 'connect' } = {
  offline: 'retry',
  stale: 'reconnect',
  refused: 'connect',
  closed: 'connect',
};

function useSecondsUntil(time: number | undefined): number | undefined {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (time === undefined) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [time]);
  return time === undefined ? undefined : Math.max(0, Math.ceil((time - now) / 1000));
}
