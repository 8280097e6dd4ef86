import { CATALOGUE, isCustomType } from '@netbuild/realtime-protocol';
import { z } from 'zod';

/** What can happen to a document. */
const CHANGES = ['insert', 'update', 'replace', 'delete'] as const;

/** The attributes of a CloudEvent that give a custom event its rooms. */
const ROOM_ATTRIBUTES = ['executionid', 'processinstanceid', 'definitionkey', 'userid', 'groupid'] as const;

/** Where something stands in a document, or goes to in an event: names with dots between them. */
const place = z
  .string()
  .max(255)
  .regex(/^[^.$]+(\.[^.$]+)*$/, 'must be names of fields with dots between them')
  .refine(
    (text) => !text.split('.').some((name) => name === '__proto__' || name === 'constructor'),
    "must not be the name of an object's prototype",
  );
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const event = z
  .strictObject({
    type: z
      .string()
      .refine(
        (type) => isCustomType(type) || (CATALOGUE.get(type)?.publishable && type !== 'data:erased'),
        'must begin with x:, or be one of the catalogue that publishers may report, but for data:erased',
      ),
    on: z.array(z.enum(CHANGES)).min(1).default(['insert', 'update', 'replace']),
    where: z.record(place, z.union([scalar, z.array(scalar).min(1)])).default({}),
    data: z.record(place, z.union([place, z.strictObject({ value: z.json() })])).default({}),
    rooms: z
      .strictObject(Object.fromEntries(ROOM_ATTRIBUTES.map((name) => [name, place.optional()])))
      .default({}),
  })
  .refine(({ type, rooms }) => isCustomType(type) === Object.keys(rooms).length > 0, {
    path: ['rooms'],
    message: 'a custom (x:) event needs one at least, and others have those of their row',
  });

const source = z.strictObject({
  name: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'must be letters, digits, and any of _ . -, at most 64')
    .optional(),
  collection: z.string().min(1).max(255),
  domain: z.string().min(1).max(64).optional(),
  version: place.optional(),
  time: place.optional(),
  events: z.array(event).min(1).max(50),
});

/** The setting MONGODB_SOURCES. */
export const mongodbSourceList = z
  .array(source)
  .max(100)
  .transform((all) => all.map((one) => ({ ...one, name: one.name ?? one.collection })))
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'two sources have one name')
  .refine(
    (all) => all.every(({ name }) => /^[\w.-]{1,64}$/.test(name)),
    'a source whose collection has another name than letters, digits, and any of _ . -, at most 64, needs a name',
  );

/** A collection whose changes become events. */
export type MongodbSource = z.infer<typeof mongodbSourceList>[number];

/** What becomes of a change. */
export type MongodbEvent = MongodbSource['events'][number];
