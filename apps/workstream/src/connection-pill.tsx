import { type Status, useStatus, useWebSocket } from '@netbuild/realtime-react';
import { useEffect, useState } from 'react';

/** Whether what is shown is what is, and what goes on where it is not. */
export function ConnectionPill() {
  const { client } = useWebSocket();
  const status = useStatus();
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
        {WORDS[status.state]}
        {status.state === 'stale' ? ` since ${new Date(status.provedAt).toLocaleTimeString()}` : null}
        {status.rebuilding ? ', being completed after a failure' : null}
        {/* A live connection speaks for itself: a gateway on this machine needs no network. */}
        {status.deviceOffline && status.state !== 'live' ? ', this device has no network' : null}
        {seconds === undefined ? null : (
          // Quiet for readers of the screen: a countdown would never stop talking.
          <span aria-hidden="true">{seconds > 0 ? `, reconnecting in ${seconds} s` : ', reconnecting'}</span>
        )}
      </span>
      {button ? (
        <button
          type="button"
          className="button button--quiet"
          data-testid="connect-now"
          onClick={() => client.connect()}
        >
          {button}
        </button>
      ) : null}
    </div>
  );
}

const WORDS = {
  live: 'Live',
  'catching-up': 'Catching up',
  connecting: 'Connecting',
  stale: 'Not confirmed',
  offline: 'Offline',
  refused: 'Not admitted',
  closed: 'Disconnected',
} as const;

/** What `connect()` is called where it does something. */
const BUTTONS: { [S in Status['state']]?: string } = {
  offline: 'Retry now',
  stale: 'Reconnect',
  refused: 'Connect',
  closed: 'Connect',
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
