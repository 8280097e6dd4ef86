import type { ReactNode } from 'react';

interface NoticeProps {
  /** Stable name, for tests. */
  name: string;
  title: string;
  children: ReactNode;
}

/** What is said in the place of what is not there, and what can be done about it. */
export function Notice({ name, title, children }: NoticeProps) {
  return (
    <div className="op-notice" role="status" data-testid={name}>
      <p className="op-name">{title}</p>
      {children}
    </div>
  );
}
