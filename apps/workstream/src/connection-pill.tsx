import { useStatus, useWebSocket } from '@netbuild/realtime-react';
import { useEffect, useState } from 'react';

/** Whether what is shown is what is, and what goes on where it is not. */
export function ConnectionPill() {
  const { client } = useWebSocket();
  const status = useStatus();
  const seconds = useSecondsUntil(status.state === 'offline' ? status.retryAt : undefined);
  const canConnect = status.state === 'offline' || status.state === 'closed' || status.state === 'refused';
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
        {seconds === undefined ? null : (
          // Quiet for readers of the screen: a countdown would never stop talking.
          <span aria-hidden="true">{seconds > 0 ? `, reconnecting in ${seconds} s` : ', reconnecting'}</span>
        )}
      </span>
      {canConnect ? (
        <button
          type="button"
          className="button button--quiet"
          data-testid="connect-now"
          onClick={() => client.connect()}
        >
          {status.state === 'offline' ? 'Retry now' : 'Connect'}
        </button>
      ) : null}
    </div>
  );
}

const WORDS = {
  live: 'Live',
  'catching-up': 'Catching up',
  connecting: 'Connecting',
  offline: 'Offline',
  refused: 'Not admitted',
  closed: 'Disconnected',
} as const;

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
