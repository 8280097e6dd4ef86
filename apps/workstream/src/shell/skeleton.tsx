import { useShellWords } from './words.ts';

/** Where a list is about to be: its shape, so that nothing jumps when it comes. */
export function ListSkeleton({ lines = 3 }: { lines?: number }) {
  const words = useShellWords();
  return (
    <div className="skeletons" role="status" data-testid="skeleton">
      <span className="nb-hidden">{words.loading}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={`line-${line}`} className="skeleton" aria-hidden="true" />
      ))}
    </div>
  );
}

/** Where a page is about to be. */
export function PageSkeleton() {
  return (
    <div className="page">
      <span className="skeleton skeleton--title" aria-hidden="true" />
      <ListSkeleton />
    </div>
  );
}
