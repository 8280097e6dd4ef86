import { type Archived, type ArchiveStore, type Reached, TurnOver } from '../../src/archive/store.ts';

/** The store of messages in memory, for what is about those who use it. */
export interface MemoryArchive extends ArchiveStore {
  /** All that it has of a domain, in order. */
  all(domain: string): Archived[];
  reached(domain: string): Reached | undefined;
  /** Throws from each call, while it is set. */
  broken: Error | undefined;
}

interface Domain {
  turn: number;
  reached: Reached | undefined;
  messages: Map<number, Archived & { turn: number }>;
}

export function createMemoryArchive(): MemoryArchive {
  const domains = new Map<string, Domain>();
  const of = (name: string): Domain => {
    if (store.broken) throw store.broken;
    const domain = domains.get(name) ?? { turn: 0, reached: undefined, messages: new Map() };
    domains.set(name, domain);
    return domain;
  };
  const sorted = (name: string) => [...of(name).messages.values()].sort((a, b) => a.seq - b.seq);

  const store: MemoryArchive = {
    broken: undefined,
    all: (name) => sorted(name).map(({ seq, subject, body }) => ({ seq, subject, body })),
    reached: (name) => of(name).reached,
    at: async (name, seqs) => store.all(name).filter(({ seq }) => seqs.includes(seq)),
    async *naming(name, texts) {
      const found = sorted(name).filter(({ body }) => texts.some((text) => body.includes(text)));
      if (found.length > 0) yield [...new Set(found.map(({ subject }) => subject))];
    },
    async erase(name, subjects, before) {
      for (const { seq, subject } of sorted(name))
        if (subjects.includes(subject) && seq < before) of(name).messages.delete(seq);
    },
    async take(name) {
      const turn = ++of(name).turn;
      const drop = (is: (one: Archived) => boolean) => {
        for (const one of sorted(name)) if (one.turn <= turn && is(one)) of(name).messages.delete(one.seq);
      };
      const put = async (messages: readonly Archived[]) => {
        for (const one of messages) {
          if ((of(name).messages.get(one.seq)?.turn ?? 0) > turn) throw new TurnOver();
          of(name).messages.set(one.seq, { ...one, turn });
        }
      };
      return {
        reached: of(name).reached,
        put,
        async replace(after, upTo, messages) {
          const kept = new Set(messages.map(({ seq }) => seq));
          drop(({ seq }) => seq > after && seq <= upTo && !kept.has(seq));
          await put(messages);
        },
        erase: async (subjects, before) =>
          drop(({ seq, subject }) => subjects.includes(subject) && seq < before),
        remove: async (seqs) => drop(({ seq }) => seqs.includes(seq)),
        async reach(reached) {
          if (of(name).turn !== turn) throw new TurnOver();
          of(name).reached = reached;
        },
        list: async (after, upTo, limit) =>
          sorted(name)
            .filter(({ seq }) => seq > after && seq <= upTo)
            .slice(0, limit)
            .map(({ seq, subject }) => ({ seq, subject })),
      };
    },
  };
  return store;
}
