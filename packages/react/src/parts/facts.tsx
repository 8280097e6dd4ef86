import type { ReactNode } from 'react';

/** Short things to know, one beside the other, as many as there are. */
export function Facts({ children }: { children: ReactNode }) {
  return <div className="nb-card-facts">{children}</div>;
}

/** One of them, with what it is called. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (children === undefined || children === null || children === '') return null;
  return (
    <span className="nb-fact">
      <span className="nb-fact-name">{name}</span> {children}
    </span>
  );
}
