import type { z } from 'zod';
import type { Change, Fact, Rows } from '../fact.ts';
import type { Room } from '../room.ts';
import type { SubjectKind } from '../subject.ts';

/** A kind of subject: the shape of its row, who may see it, and whether it is still going on. */
export interface SubjectEntry<Data extends object> {
  kind: SubjectKind;
  /** The whole row: what the data of each event of this subject is. */
  data: z.ZodType<Data>;
  /** Who sees it; a function of the row, and of the domain that it is in. */
  rooms(data: Data, domain: string): (Room | undefined)[];
  /** Whether snapshots hold it. What has ended, and what is history from birth (a message), is not open. */
  isOpen(data: Data): boolean;
  /** The field that says whose word it is: who is erased takes it along. */
  author?: keyof Data & string;
  /** Where names of people stand in it, each a field that may be missing or a list; and what says it anew without one. */
  people?: {
    fields: readonly (keyof Data & string)[];
    type: Change['type'] | ((data: Data) => Change['type']);
    /** Texts of theirs, each by the field that names whose it is: they go with the name. */
    texts?: { readonly [text in keyof Data & string]?: keyof Data & string };
  };
}

/** A type of event. */
export interface TypeEntry<
  Type extends string,
  Data extends object,
  Reported extends object,
  Publishable extends boolean = boolean,
> {
  type: Type;
  subject: SubjectEntry<Data>;
  /** One sentence for the reference. */
  doc: string;
  /** Whether outside publishers may report it; otherwise only the gateway's own sources. */
  publishable: Publishable;
  /** What a source reports. */
  fact: z.ZodType<Reported>;
  /**
   * From the rows as they are and the fact to the events that follow; none where the fact is no news.
   * Pure: it is called again whenever a row that it asked for has moved on.
   */
  fold(fact: Fact & { data: Reported }, rows: Rows): Change[];
}

/** Makes the entries of one subject, so that each type states only what is its own. */
export function typesOf<Data extends object>(subject: SubjectEntry<Data>) {
  return <const Type extends string, Reported extends object, const Publishable extends boolean = true>(
    entry: Omit<TypeEntry<Type, Data, Reported>, 'subject' | 'publishable'> & { publishable?: Publishable },
  ) => ({ publishable: true, ...entry, subject }) as TypeEntry<Type, Data, Reported, Publishable>;
}
