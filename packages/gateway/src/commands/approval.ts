import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ApprovalData,
  type CommandData,
  closedApproval,
  commandSlot,
  RealtimeError,
  subject,
} from '@netbuild/realtime-protocol';
import { errorOf } from '../error.ts';
import { dataOf } from '../rows.ts';
import { type Call, type CommandTools, enterFact, type Handler } from './command.ts';
import { COMMAND_LIMITS } from './limits.ts';
import { isUnderWay } from './record.ts';
import { assertReason } from './task.ts';

type Decide = 'approval:decide';

/** Milliseconds between two looks whether another approver's decision is there. */
const LOOK_EVERY = 100;

/**
 * Makes the command of approvals. That of a task is decided in its engine, any other here. Of two that decide at the
 * same time one wins; the other is told how the approval has ended.
 *
 * @param decideTask completes the task of an approval
 */
export function createApprovals(
  { log, publish, policy, limits }: Pick<CommandTools, 'log' | 'publish' | 'policy' | 'limits'>,
  decideTask: Handler<Decide>,
): Handler<Decide> {
  const { patience, effect } = { ...COMMAND_LIMITS, ...limits };

  async function rowOf({ actor, payload }: Call<Decide>): Promise<ApprovalData | undefined> {
    const [row] = await log.rows(actor.domainId, [subject('approval', payload.approvalId)]);
    return row && dataOf<ApprovalData>(row);
  }

  /** Decides what no engine has asked: by the compared append alone. */
  async function decideHere(call: Call<Decide>, row: ApprovalData | undefined) {
    await policy.assertMay(call.actor, 'approval:decide', call.payload);
    assertReason(call.payload, row);
    const { approvalId, decision, reason } = call.payload;
    const data = { approvalId, state: decision, decidedBy: call.actor.userId, reason };
    return enterFact(publish, 'approval:decide', call, { type: 'approval:completed', data }, { approvalId });
  }

  /** How an approval has ended that the engine has no task of any more; what has ended it may have yet to be told. */
  async function endOf(call: Call<Decide>): Promise<RealtimeError> {
    const end = performance.now() + effect;
    for (;;) {
      const row = await rowOf(call);
      if (row && row.state !== 'requested') return closedApproval(row);
      if (performance.now() >= end) return new RealtimeError('approval_closed', { field: 'approvalId' });
      await sleep(LOOK_EVERY);
    }
  }

  /** Whether somebody's decision is on its way to the engine. */
  async function isBeingDecided({ actor, payload }: Call<Decide>): Promise<boolean> {
    const [slot] = await log.rows(actor.domainId, [commandSlot(subject('task', payload.approvalId))]);
    const command = slot && dataOf<CommandData>(slot);
    return command?.type === 'approval:decide' && isUnderWay(command);
  }

  /** Whether another one is at it, and how it ends is what this one has to be told. */
  async function isContested(call: Call<Decide>, error: RealtimeError): Promise<boolean> {
    if (error.code !== 'task_taken') return error.code === 'busy' || error.code === 'contended';
    // It is claimed to be decided. In this order: what is over by now has ended it.
    const isOpen = await isBeingDecided(call);
    const row = await rowOf(call);
    if (row && row.state !== 'requested') throw closedApproval(row);
    return isOpen;
  }

  return async (call) => {
    const row = await rowOf(call);
    if (row?.taskId === undefined) return decideHere(call, row);
    const end = performance.now() + patience;
    for (;;) {
      try {
        return await decideTask(call);
      } catch (thrown) {
        const error = errorOf(thrown);
        if (error.code === 'task_closed') throw await endOf(call);
        if (!(await isContested(call, error)) || performance.now() >= end) throw error;
        await sleep(LOOK_EVERY);
      }
    }
  };
}
