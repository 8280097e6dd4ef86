const all = new Set<() => void>();

function runAll(): void {
  for (const run of all) run();
}

/**
 * Calls back when the process has nothing left to do, until the returned function is called. One listener for all:
 * Node warns of the eleventh, and there may be a publisher for each tenant.
 */
export function beforeExit(run: () => void): () => void {
  if (all.size === 0) process.on('beforeExit', runAll);
  all.add(run);
  return () => {
    all.delete(run);
    if (all.size === 0) process.off('beforeExit', runAll);
  };
}
