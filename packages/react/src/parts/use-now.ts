import { useEffect, useState } from 'react';

/**
 * The time by this device, in epoch milliseconds, told anew every so often.
 *
 * @param every milliseconds; nothing is told anew without it
 */
export function useNow(every: number | undefined): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (every === undefined) return;
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
