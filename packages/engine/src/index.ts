export * from './engine-client.ts';
export * from './mapping.ts';
export type { Finding, Found, Ledger, LedgerRow, Note } from './reconcile/ledger.ts';
export { type Load, polite } from './reconcile/polite.ts';
export { createReconcile, type Reconcile } from './reconcile/reconcile.ts';
export type { Progress } from './reconcile/sweep.ts';
export * from './rest.ts';
