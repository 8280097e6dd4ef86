import { subject } from '@netbuild/realtime-protocol';
import type { Rest } from '../rest.ts';
import type { Source } from './kind.ts';
import type { Finding, Found, Ledger, Note } from './ledger.ts';
import { pagesOf } from './listing.ts';

/** From what the engine shows to what the log takes. */
export interface Taking {
  /** Goes through a list since an instant, and hands on what the rows lack of each page; answers the items. */
  // biome-ignore lint/suspicious/noExplicitAny: each source judges its own items.
  pages(source: Source<any>, from: number | undefined): AsyncGenerator<any[]>;
  /** Notes where the log stands; before the engine is asked. */
  note(): Promise<Note>;
  /** Hands on findings about rows of one domain. */
  add(domain: string, note: Note, findings: Finding[]): Promise<void>;
  /** Hands on what has gathered. */
  flush(): Promise<void>;
}

/**
 * Findings that are handed on at once. With a plugin each lot waits for its relay's word, so it is worth while that
 * they are many; more would only cost memory.
 */
const LOT = 2000;

/** Makes a {@link Taking}. */
export function createTaking({
  rest,
  ledger,
  domain: home,
  page,
}: {
  rest: Pick<Rest, 'read'>;
  ledger: Ledger;
  domain: string;
  page: number;
}): Taking {
  let gathered: Found[] = [];

  async function flush(): Promise<void> {
    const found = gathered;
    gathered = [];
    if (found.length > 0) await ledger.take(found);
  }

  async function add(domain: string, note: Note, findings: Finding[]): Promise<void> {
    for (const finding of findings) gathered.push({ domain, note, finding });
    if (gathered.length >= LOT) await flush();
  }

  return {
    note: () => ledger.note(),
    add,
    flush,
    async *pages(source, from) {
      let note = await ledger.note();
      for await (const items of pagesOf(rest, source.listing, from, page)) {
        for (const [domain, some] of byDomain(items, home)) {
          const names = some.map(({ id }) => subject(source.kind, id));
          const rows = await ledger.rows(domain, names);
          const pairs = some.map((item, n) => ({ item, row: rows.get(names[n]!) }));
          await add(domain, note, await source.judge(pairs, domain));
        }
        if (!ledger.waits) await flush();
        yield items;
        note = await ledger.note();
      }
    },
  };
}

type Item = { id: string; tenantId?: string | null };

function byDomain(items: Item[], home: string): Map<string, Item[]> {
  const domains = new Map<string, Item[]>();
  for (const item of items) {
    const domain = item.tenantId || home;
    const some = domains.get(domain);
    if (some) some.push(item);
    else domains.set(domain, [item]);
  }
  return domains;
}
