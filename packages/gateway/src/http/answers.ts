import {
  type CommandAck,
  DEAD_LETTER_REASONS,
  type DefinitionsAnswer,
  type DiagramAnswer,
  type EventsAnswer,
  type FormAnswer,
  formName,
  type Left,
  type PublishAnswer,
  type RealtimeEvent,
  type StateAnswer,
  type UnreadAnswer,
  type WireError,
} from '@netbuild/realtime-protocol';
import { z } from 'zod';
import type { Login } from '../auth/users.ts';
import type { LetterSummary } from '../ingest/dead-letters.ts';
import type { SubscriptionStatus } from '../outbound/outbound.ts';
import type { Me } from './me.ts';

/** What a schema takes where a type leaves something out: a schema says the same by `undefined`. */
type Taking<T> = T extends readonly (infer Item)[]
  ? Taking<Item>[]
  : T extends object
    ? { [K in keyof T]: Taking<T[K]> | (undefined extends T[K] ? undefined : never) }
    : T;

/** Holds a schema to the type that the code answers with; a field that one of them lacks does not compile. */
const answer =
  <T>() =>
  <S extends z.ZodType>(schema: S & (Taking<T> extends z.input<S> ? unknown : never)): S =>
    schema;

const seq = z.int().min(0);
const epoch = z.string();
const roomNames = z.array(z.string());

/** An error, as it stands on the wire. */
const wireError = answer<WireError>()(
  z.object({
    code: z.string(),
    message: z.string(),
    retryable: z.boolean(),
    retryAfter: z.int().min(0).optional().describe('Milliseconds to wait before the same is asked again.'),
    field: z.string().optional(),
    faults: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .readonly()
      .optional()
      .describe('All fields of a form that are at fault; `field` is the first.'),
    current: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('How that stands now which is in the way.'),
  }),
);

/** The body of every refusal. */
export const refusal = z.object({ error: wireError });

/** An event, or a row: which is the last event of its subject. */
export const event = answer<RealtimeEvent<string>>()(
  z.object({
    id: z.string(),
    seq,
    type: z.string(),
    time: z.string(),
    subject: z.string().optional(),
    rooms: roomNames,
    left: roomNames,
    ended: z.literal(true).optional(),
    passing: z.literal(true).optional(),
    data: z
      .unknown()
      .describe('The whole row after the event; its schema is that of the kind of its subject.'),
    commandId: z.string().optional(),
    committedAt: z.number().optional(),
  }),
);

/** What is told of a subject that has left the room. */
const left = answer<Left>()(z.object({ seq, subject: z.string(), left: roomNames }));

export const stateAnswer = answer<StateAnswer>()(
  z.object({
    epoch,
    seq,
    rows: z.array(event),
    more: z.string().optional(),
    rebuilding: z.literal(true).optional(),
  }),
);

export const unreadAnswer = answer<UnreadAnswer>()(
  z.object({
    epoch,
    seq,
    executions: z.array(
      z.object({
        executionId: z.string(),
        read: seq.describe('The position up to which the person has read; 0: nothing yet.'),
        unread: z.int().min(0).describe('Messages of others after it.'),
        more: z.literal(true).optional().describe('There may be more of them.'),
      }),
    ),
    more: z.string().optional(),
  }),
);

export const formAnswer = answer<FormAnswer>()(
  z.object({
    form: formName,
    schema: z.record(z.string(), z.unknown()).describe('A schema of form-js.'),
    data: z.record(z.string(), z.unknown()),
  }),
);

export const diagramAnswer = answer<DiagramAnswer>()(
  z.object({
    processDefinitionId: z.string(),
    processDefinitionKey: z.string(),
    name: z.string().optional(),
    version: z.int(),
    xml: z.string().describe('BPMN 2.0.'),
  }),
);

export const definitionsAnswer = answer<DefinitionsAnswer>()(
  z.object({
    definitions: z.array(
      z.object({
        processDefinitionKey: z.string(),
        name: z.string().optional(),
        version: z.int(),
        engine: z
          .string()
          .optional()
          .describe('The engine that it is in, where that is not the one called `default`.'),
      }),
    ),
    more: z.literal(true).optional().describe('There are more, and no more were looked through.'),
  }),
);

export const commandAnswer = answer<Extract<CommandAck, { success: true }>>()(
  z.object({
    success: z.literal(true),
    commandId: z.string(),
    epoch,
    seq,
    result: z
      .record(z.string(), z.string().optional())
      .describe('The ids of what it was about, or has made.'),
  }),
);

export const submittedAnswer = z.object({
  commandId: z.string(),
  epoch,
  seq,
  result: z.object({
    submissionId: z.string(),
    taskId: z.string().optional(),
    processInstanceId: z.string().optional(),
    executionId: z.string().optional(),
  }),
});

export const eventsAnswer = answer<EventsAnswer>()(
  z.object({
    epoch,
    seq,
    recovered: z.boolean(),
    more: z.boolean(),
    events: z.array(z.union([event, left])),
  }),
);

export const publishedAnswer = z.object({
  id: z.string(),
  status: z.enum(['new', 'known']),
  epoch,
  seq,
  settle: z.int().min(0),
});

/** What was said and is kept nowhere has no place. */
export const saidAnswer = z.object({ id: z.string(), status: z.literal('new') });

export const webhookAnswer = z.object({ status: z.enum(['new', 'known', 'ignored']) });

export const batchAnswer = z.object({
  epoch,
  seq: seq.describe("Of the log of the first event's domain, as `epoch` is."),
  settle: z.int().min(0),
  results: z
    .array(
      z.object({
        id: z.string().optional().describe('Left out where it could not be read.'),
        status: z.enum(['new', 'known', 'refused']),
        seq: seq.optional(),
        epoch: epoch.optional().describe('Of the log that `seq` is of, where it is of another domain.'),
        error: wireError.optional().describe('Its field is a path in the array: `2.data.taskId`.'),
      }),
    )
    .describe('One for each event, in order.'),
});

export const engineAnswer = answer<PublishAnswer>()(
  z.object({
    epoch,
    seq,
    settle: z.int().min(0),
    rebuilding: z.literal(true).optional(),
    ask: z.string().optional(),
  }),
);

export const loginAnswer = answer<Login>()(
  z.object({
    token: z.string(),
    userId: z.string(),
    groups: z.array(z.string()),
    expiresIn: z.int().describe('Seconds.'),
  }),
);

const letter = {
  letter: z.int().positive(),
  kept: z.string(),
  engine: z.string().optional(),
  subscription: z.string().optional(),
  reason: z.enum(DEAD_LETTER_REASONS),
  about: z.array(z.string()),
  error: z.string().optional(),
  cut: z.literal(true).optional(),
};

/** A dead letter in a list. */
const letterSummary = answer<LetterSummary>()(z.object({ ...letter, size: z.int().min(0) }));

export const lettersAnswer = z.object({ letters: z.array(letterSummary), next: z.int().optional() });

export const letterAnswer = z.object({
  ...letter,
  commands: z.array(z.unknown()),
  pushedOut: z.int().positive().optional(),
});

export const letterDone = z.object({
  letter: z.int().positive(),
  status: z.enum(['replayed', 'dropped', 'kept']),
  why: z.string().optional(),
});

export const subscriptionAnswer = answer<SubscriptionStatus>()(
  z.object({
    name: z.string(),
    domain: z.string(),
    epoch,
    seq: seq.describe('Up to here its receiver has acknowledged all that it is to hear.'),
    behind: z.int().min(0).describe('Events of the log after it, whether or not they are for it.'),
    noted: z.string().describe('When this was noted.'),
    failing: z
      .object({
        seq: z.int().positive(),
        since: z.string(),
        attempts: z.int().positive(),
        why: z.string(),
      })
      .optional()
      .describe('The next event, which can not be delivered so far.'),
    gone: z.string().optional().describe('When the receiver said that it wants no more (410).'),
  }),
);

export const subscriptionsAnswer = z.object({ subscriptions: z.array(subscriptionAnswer) });

export const meAnswer = answer<Me>()(
  z.object({
    userId: z.string(),
    domainId: z.string(),
    groups: z.array(z.string()),
    roles: z.array(z.string()),
    expires: z.number().describe('Epoch seconds.'),
  }),
);

const revoked = {
  domain: z.string(),
  token: z.string().optional(),
  user: z.string().optional(),
  before: z.int().optional().describe('Epoch seconds.'),
};

export const revocationAnswer = z.object({ ...revoked, epoch: z.string(), seq: z.int() });

export const revocationsAnswer = z.object({
  revocations: z.array(z.object({ ...revoked, revoked: z.string() })),
});
