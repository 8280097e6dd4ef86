import {
  COMMANDS,
  type CommandAck,
  type CommandName,
  check,
  type ErrorCode,
} from '@netbuild/realtime-protocol';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { bearer, type Tokens } from '../auth/token.ts';
import type { Execute } from '../commands/commands.ts';
import { commandAnswer } from './answers.ts';
import type { RouteDoc } from './openapi/route-doc.ts';
import { refusedBy } from './refusal.ts';

/** What the route of commands needs. */
export interface CommandRouteTools {
  tokens: Pick<Tokens, 'verify'>;
  execute: Execute;
  /** The largest body: a socket's packet, since it is held for as long as the command takes. */
  bodyBytes: number;
}

// An id at another place would be none, and each retry another command.
const command = z.strictObject({
  id: COMMANDS['task:claim'].shape.commandId,
  type: z.string(),
  data: z.record(z.string(), z.unknown()).refine((data) => !('commandId' in data), {
    path: ['commandId'],
    message: 'The id of a command is the id beside its data.',
  }),
});

/** What a command asks for; its id stands beside it. */
function dataOf(name: CommandName): z.ZodObject {
  const { commandId: _, ...fields } = COMMANDS[name].shape;
  return z.object(fields);
}

/** A command with the data of its type; what comes is checked in the same two steps. */
const described = z.union(
  (Object.keys(COMMANDS) as CommandName[]).map((name) =>
    command.extend({ type: z.literal(name), data: dataOf(name) }),
  ),
);

/** What any command to an engine may be refused by. */
export const COMMAND_ERRORS = [
  'invalid',
  'not_found',
  'duplicate_id',
  'busy',
  'in_doubt',
  'abandoned',
  'contended',
  'no_engine',
  'engine_unreachable',
  'engine_refused',
  'engine_forbidden',
] as const satisfies ErrorCode[];

const commandDoc: RouteDoc = {
  name: 'command',
  doc: 'Carries out a command, as a socket does, and answers as it does: a refusal has `success: false`, and the `commandId` where there is one. The `field` of an error is a path in `data`.',
  who: 'person',
  body: described,
  answers: { 200: { doc: 'It is done; its effect can be read at the position.', schema: commandAnswer } },
  errors: [
    ...COMMAND_ERRORS,
    'too_large',
    'unknown_command',
    'invalid_room',
    'not_assignee',
    'task_taken',
    'task_closed',
    'approval_closed',
    'incident_closed',
    'message_closed',
    'optimization_closed',
    'agent_ended',
    'agent_not_failed',
    'too_many_participants',
    'no_match',
    'form_changed',
    'form_unsupported',
  ],
};

/** Adds `POST /v1/commands`. Who hangs up changes nothing: a command that has begun goes on to its end. */
export function addCommandRoute(server: FastifyInstance, tools: CommandRouteTools): void {
  const { tokens, execute, bodyBytes: bodyLimit } = tools;
  server.post(
    '/v1/commands',
    { bodyLimit, config: { doc: commandDoc } },
    async (request, reply): Promise<CommandAck> => {
      const actor = await tokens.verify(bearer(request.headers.authorization));
      const { id, type, data } = check(command, request.body);
      const ack = await execute(actor, type, id === undefined ? data : { ...data, commandId: id });
      if (!ack.success) refusedBy(reply, ack.error);
      return ack;
    },
  );
}
