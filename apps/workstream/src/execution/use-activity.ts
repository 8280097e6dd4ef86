import type { Room } from '@netbuild/realtime-protocol';
import { type Row, useView } from '@netbuild/realtime-react';
import { useMemo } from 'react';

/** What goes on in an execution beside tasks and talk. */
export interface Activity {
  incidents: readonly Row<'incident'>[];
  approvals: readonly Row<'approval'>[];
  agents: readonly Row<'agent'>[];
  payments: readonly Row<'payment'>[];
  /** How many there are. */
  count: number;
}

/** Runs of agents that are over, as many as are shown. */
const OVER = 5;

/** What programs do in an execution, what is asked of people beside tasks, and what is paid; the newest first. */
export function useActivity(room: Room): Activity {
  const incidents = useView('incidents', { room, open: true }).data;
  const asked = useView('approvals', { room }).data;
  const runs = useView('agents', { room }).data;
  const paid = useView('payments', { room }).data;
  return useMemo(() => {
    // An approval that a model has made of a task is decided at that task.
    const approvals = asked.filter(({ data }) => data.taskId === undefined).toReversed();
    const over = runs.filter(({ ended }) => ended).slice(-OVER);
    const agents = [...over, ...runs.filter(({ ended }) => !ended)].toReversed();
    const payments = paid.toReversed();
    const count = incidents.length + approvals.length + agents.length + payments.length;
    return { incidents, approvals, agents, payments, count };
  }, [incidents, asked, runs, paid]);
}
