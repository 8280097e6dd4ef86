import type { CloseCode, RealtimeError } from '@netbuild/realtime-protocol';
import type { Logger } from 'pino';
import type { Actor } from '../auth/actor.ts';
import { createBucket } from '../rate.ts';

/** One line of the audit: who did what where, and what came of it; never what was in it. */
interface AuditLine {
  /** What was asked: a command's name, `subscribe`, `connect`, a route. */
  what: string;
  /** `done`, or the code of the error or the close. */
  result: string;
  user?: string | undefined;
  domain?: string | undefined;
  /** Where it came from, of who is not known. */
  address?: string | undefined;
  /** The room, where one is concerned. */
  room?: string | undefined;
  /** What it is about, where that is no room: `task/4711`. */
  subject?: string | undefined;
  commandId?: string | undefined;
  /** Refusals before this one that were not written, since they were too many. */
  leftOut?: number | undefined;
}

/** Says who did what. */
export interface Audit {
  note(line: AuditLine): void;
  /** A command has come to its end: `done`, or the code of its error. */
  commanded(actor: Actor, name: string, input: unknown, result: string, commandId: string | undefined): void;
  /** Somebody who is known asked something that was refused before it was done. */
  asked(actor: Actor, what: string, input: unknown, error: Pick<RealtimeError, 'code'>): void;
  /** Somebody was turned away who is not known. */
  refused(what: string, address: string | undefined, error: RealtimeError, room?: unknown): void;
  /** A connection was ended for what its owner did. */
  closed(actor: Actor, code: CloseCode): void;
}

/** Refusals a second, since whoever is refused may ask again and again; what is left out is counted. */
const REFUSALS = { burst: 200, perSecond: 20 };

/** Longest name that is written; whatever was said instead of one is cut. */
const LONGEST = 255;

/**
 * The audit in the log, a JSON line each, with `audit: true`.
 *
 * @param logger none: nothing is written
 */
export function createAudit(logger: Logger | undefined): Audit {
  // Whatever of the rest is wanted: who turns the log down does not mean this.
  const lines = logger?.child({ audit: true }, { level: 'info' });
  const refusals = createBucket(REFUSALS);
  let leftOut = 0;

  const note: Audit['note'] = (line) => lines?.info(line, line.what);

  function refusal(line: AuditLine): void {
    if (refusals.take() > 0) {
      leftOut++;
      return;
    }
    note(leftOut > 0 ? { ...line, leftOut } : line);
    leftOut = 0;
  }

  return {
    note,
    commanded: (actor, name, input, result, commandId) =>
      note({ what: named(name)!, result, ...whoIs(actor), ...placeOf(input), commandId }),
    asked: (actor, what, input, { code }) =>
      refusal({ what: named(what)!, result: code, ...whoIs(actor), ...placeOf(input, what) }),
    refused: (what, address, { code }, room) => refusal({ what, result: code, address, room: named(room) }),
    closed: (actor, code) => note({ what: 'close', result: code, ...whoIs(actor) }),
  };
}

function whoIs({ userId, domainId }: Actor): Pick<AuditLine, 'user' | 'domain'> {
  return { user: userId, domain: domainId };
}

/** What a request is about, by the names in it alone. */
function placeOf(input: unknown, what = ''): Pick<AuditLine, 'room' | 'subject'> {
  if (typeof input !== 'object' || input === null) {
    // Those that join and leave say an id and no more.
    const [, kind] = /^(?:join|leave)-(\w+)$/.exec(what) ?? [];
    return { room: kind && typeof input === 'string' ? named(`${kind}:${input}`) : undefined };
  }
  const said = input as Record<string, unknown>;
  const [execution, instance] = [named(said.executionId), named(said.processInstanceId)];
  const [task, incident, message] = [named(said.taskId), named(said.incidentId), named(said.messageId)];
  return {
    room: execution ? `execution:${execution}` : instance ? `process:${instance}` : roomsIn(said.rooms),
    subject: task
      ? `task/${task}`
      : incident
        ? `incident/${incident}`
        : message
          ? `message/${message}`
          : named(said.processDefinitionKey),
  };
}

function roomsIn(rooms: unknown): string | undefined {
  return Array.isArray(rooms) ? rooms.slice(0, 10).map(named).join(' ') : undefined;
}

function named(name: unknown): string | undefined {
  return typeof name === 'string' ? name.slice(0, LONGEST) : undefined;
}
