import type { ErrorCode } from '@netbuild/realtime-protocol';
import type { z } from 'zod';

/** Who may ask a route, and what by. */
export type Who = 'anybody' | 'person' | 'publisher' | 'provider' | 'operator' | 'metrics';

/** One answer of a route. */
export interface AnswerDoc {
  doc: string;
  /** Left out: a text. */
  schema?: z.ZodType;
  /** Default `application/json`. */
  type?: string;
}

/** What a route says of itself. Its schemas are those that it checks by. */
export interface RouteDoc {
  /** Stable; names the operation in clients that are generated. */
  name: string;
  doc: string;
  who: Who;
  params?: z.ZodObject;
  query?: z.ZodObject;
  headers?: z.ZodObject;
  body?: z.ZodType;
  bodyTypes?: string[];
  /** What the body is under the first of these where the rest stands in the headers. */
  bareBody?: z.ZodType;
  /** Under which content type several bodies come in an array, and how many at most. */
  batch?: { type: string; most: number };
  answers: Record<number, AnswerDoc | AnswerDoc[]>;
  /** What it refuses by, beside what every route does. */
  errors?: ErrorCode[];
}

declare module 'fastify' {
  interface FastifyContextConfig {
    doc?: RouteDoc;
  }
}
