import { z } from 'zod';

/**
 * One CloudEvent 1.0 in JSON (https://github.com/cloudevents/spec, "JSON event format"), with the
 * extension attributes that give a custom event its rooms.
 */
export const cloudEvent = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1).max(255),
  source: z.string().min(1).max(255),
  type: z.string().min(1).max(255),
  time: z.iso.datetime({ offset: true }).optional(),
  subject: z.string().max(255).optional(),
  datacontenttype: z
    .string()
    .regex(/^application\/(.*\+)?json(;.*)?$/i, 'Only JSON data is understood here.')
    .optional(),
  data: z.unknown().optional(),
  /** The tenant; the default domain where it is left out. */
  domain: z.string().min(1).max(64).optional(),
  executionid: z.string().min(1).max(255).optional(),
  processinstanceid: z.string().min(1).max(255).optional(),
  definitionkey: z.string().min(1).max(255).optional(),
  userid: z.string().min(1).max(255).optional(),
  groupid: z.string().min(1).max(255).optional(),
});

/** A CloudEvent, checked. */
export type CloudEvent = z.infer<typeof cloudEvent>;
