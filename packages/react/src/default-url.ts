/**
 * Where the gateway is when nobody says it: `NEXT_PUBLIC_WS_URL`, else the page's own origin.
 * Bundlers put the variable's value in the place of exactly this expression; where none does,
 * a browser has no `process` and the page's origin is right.
 */
export function defaultUrl(): string | undefined {
  try {
    return process.env.NEXT_PUBLIC_WS_URL || undefined;
  } catch {
    return undefined;
  }
}
