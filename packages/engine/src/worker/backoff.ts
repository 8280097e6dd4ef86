/** Milliseconds to wait after so many failures (from 0): doubling, with a share of chance, so that not all come back at once. */
export function backoff(failures: number, first: number, longest: number): number {
  const whole = Math.min(longest, first * 2 ** Math.max(0, failures));
  return Math.round(whole * (0.75 + Math.random() / 4));
}
