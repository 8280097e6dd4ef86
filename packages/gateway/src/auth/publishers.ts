import { createHash } from 'node:crypto';
import { RealtimeError } from '@netbuild/realtime-protocol';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { matches } from './pattern.ts';
import { bearer, type Tokens } from './token.ts';

/** A name, or the beginning of names with a `*` at the end. */
const pattern = z
  .string()
  .regex(/^[^*]{1,255}\*?$|^\*$/, 'must be a name, or its beginning with a * at the end');
const patterns = z.array(pattern).min(1).max(200);
const keyHash = z
  .string()
  .regex(
    /^[0-9a-f]{64}$/,
    'must be the SHA-256 of a key, 64 hexadecimal digits (netbuild-realtime publisher-key)',
  );

/** The setting PUBLISHERS. */
export const publisherList = z
  .array(
    z.strictObject({
      name: z
        .string()
        .regex(/^[\w.-]{1,64}$/, 'a publisher needs a name: letters, digits, and any of _ . -, at most 64'),
      /** Any of them opens; a new one is added before the old one is taken away. */
      keys: z.array(keyHash).min(1).max(10),
      types: patterns.optional(),
      sources: patterns.optional(),
      domains: z.array(z.string().min(1).max(64)).min(1).max(1000).optional(),
      operator: z.boolean().default(false),
    }),
  )
  .max(10_000)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'two publishers have one name')
  .refine(
    (all) => new Set(all.flatMap(({ keys }) => keys)).size === all.flatMap(({ keys }) => keys).length,
    'two publishers have one key',
  );

/** The publishers of a configuration. */
export type PublisherList = z.infer<typeof publisherList>;

/** Who publishes, and what it may. What is left out is not bound. */
export interface Publisher {
  name: string;
  types?: readonly string[] | undefined;
  /** Of CloudEvents their `source`; of an engine's relay `engine/<its name>`. */
  sources?: readonly string[] | undefined;
  domains?: readonly string[] | undefined;
  /** It may also do what operators do: see dead letters, and decide on them. */
  operator: boolean;
}

/** Who may publish over HTTP. */
export interface Publishers {
  /**
   * Lets nobody in but publishers; a hook of routes.
   *
   * @throws {@link RealtimeError} `key_invalid`, or what is wrong with a token that was a publisher's
   */
  publishersOnly(request: FastifyRequest): Promise<void>;
  /** Lets nobody in but those who may do what operators do. */
  operatorsOnly(request: FastifyRequest): Promise<void>;
  /** Who was let in with this request. */
  of(request: FastifyRequest): Publisher;
}

/** What publishers are known by. */
export interface PublisherTools {
  /** PUBLISH_KEY: bound to nothing, and an operator's. */
  publishKey: string | undefined;
  publishers: PublisherList;
  tokens: Pick<Tokens, 'verify'>;
}

/** The role that makes a token a publisher's. */
const ROLE = 'publish';

/** The hash of a key, as PUBLISHERS names it. A key is long and random, so that nobody can try them all. */
export function hashOfKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Knows publishers by their keys, of which it holds the hashes alone, and by tokens with the role `publish`. */
export function createPublishers({ publishKey, publishers, tokens }: PublisherTools): Publishers {
  // Looked up by the hash, so the time that it takes tells nothing of a key.
  const byKey = new Map<string, Publisher>(
    publishers.flatMap((publisher) => publisher.keys.map((hash) => [hash, publisher] as const)),
  );
  if (publishKey) byKey.set(hashOfKey(publishKey), { name: 'PUBLISH_KEY', operator: true });
  const known = new WeakMap<FastifyRequest, Publisher>();

  async function byToken(token: string): Promise<Publisher | undefined> {
    // A key is no token, and must not be called a wrong one.
    if (token.split('.').length !== 3) return undefined;
    const actor = await tokens.verify(token).catch((error: unknown) => {
      if (error instanceof RealtimeError && error.code === 'token_invalid') return undefined;
      throw error;
    });
    if (!actor?.roles.includes(ROLE)) return undefined;
    const { userId, domainId } = actor;
    return { name: userId, sources: [userId, `${userId}/*`], domains: [domainId], operator: false };
  }

  async function publishersOnly(request: FastifyRequest): Promise<void> {
    const key = bearer(request.headers.authorization);
    const found = key && (byKey.get(hashOfKey(key)) ?? (await byToken(key)));
    if (!found) throw new RealtimeError('key_invalid');
    known.set(request, found);
  }

  return {
    publishersOnly,
    async operatorsOnly(request) {
      await publishersOnly(request);
      if (!known.get(request)!.operator) throw new RealtimeError('forbidden');
    },
    of: (request) => known.get(request)!,
  };
}

/** The domain of what names none: the publisher's, where it has a single one, and the default one otherwise. */
export function domainFor({ domains }: Publisher, defaultDomain: string): string {
  return domains?.length === 1 ? domains[0]! : defaultDomain;
}

/** @throws {@link RealtimeError} `forbidden`, with the field that this publisher is not bound to */
export function assertMayPublish(
  publisher: Publisher,
  fact: { type?: string; source?: string; domain?: string },
): void {
  const { types, sources, domains } = publisher;
  const refuse = (field: string): never => {
    throw new RealtimeError('forbidden', { field, message: `This publisher is not bound to that ${field}.` });
  };
  if (fact.type !== undefined && types && !isAmong(fact.type, types)) refuse('type');
  if (fact.source !== undefined && sources && !isAmong(fact.source, sources)) refuse('source');
  if (fact.domain !== undefined && domains && !domains.includes(fact.domain)) refuse('domain');
}

function isAmong(name: string, allowed: readonly string[]): boolean {
  return allowed.some((one) => matches(one, name));
}
