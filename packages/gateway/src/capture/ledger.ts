import type { Finding, Found, Ledger, LedgerRow, Note } from '@netbuild/realtime-engine';
import type { Log, StoredRow } from '@netbuild/realtime-log';
import {
  type Fact,
  type RealtimeEvent,
  type Subject,
  type SubjectKind,
  subject,
} from '@netbuild/realtime-protocol';
import type { Logger } from 'pino';
import type { Publish } from '../ingest/publish.ts';
import { OWN_DOMAIN } from '../own-domain.ts';
import type { EngineCapture } from './capture.ts';

/** What the ledger of an engine stands on. */
export interface LedgerTools {
  log: Pick<Log, 'head' | 'rows' | 'snapshot' | 'domains' | 'read'>;
  publish: Publish;
  engine: EngineCapture;
  logger: Logger;
  /** Whether there is a relay, whose word comes first. */
  waits: () => boolean;
  /** Resolves when a correction may be made: when all is in the log that was committed before this call. */
  word: () => Promise<unknown>;
  /** A correction was made where a relay should have brought it. */
  onCorrected: (kind: SubjectKind) => void;
}

/** The ids of what engines do, see the mapping and reconcile. */
const OF_ENGINE = /^engine\/[^/]+\/(task|process|activity|incident)\//;

/** Rows that are read at once. */
const PAGE = 500;

/** Facts that are published at once. */
const LOT = 500;

/** Refusals that are named once each; beyond them, each time. */
const MOST_NAMED = 1000;

/** Makes the log's side of reconcile. */
export function createLedger(tools: LedgerTools): Ledger {
  const { log, publish, engine, logger } = tools;
  const source = `engine/${engine.name}`;
  /** Where this engine's rows were seen. */
  const domains = new Set([engine.domain]);
  /** What was named in the log. */
  const refused = new Set<string>();

  /** What the engine itself did; diagrams may announce other things in its name. */
  const isOfEngine = (id: string) => OF_ENGINE.test(id) && id.startsWith(`${source}/`);

  async function* openIn(domain: string, kind: SubjectKind) {
    let after: Subject | undefined = subject(kind, '');
    while (after !== undefined) {
      const page: { rows: StoredRow[]; next?: Subject } = await log.snapshot(domain, { after, limit: PAGE });
      const own: LedgerRow[] = [];
      for (const row of page.rows) {
        if (!row.subject.startsWith(`${kind}/`)) break;
        const found = rowOf(row);
        if (!isOfAnother(found.id)) own.push(found);
      }
      if (own.length > 0) {
        domains.add(domain);
        yield { domain, rows: own };
      }
      after = page.rows.at(-1)?.subject.startsWith(`${kind}/`) ? page.next : undefined;
    }
  }

  const isOfAnother = (id: string) => OF_ENGINE.test(id) && !id.startsWith(`${source}/`);

  async function enter(domain: string, life: string | undefined, some: Found[]): Promise<void> {
    const facts = some.map(({ note, finding }): Fact => {
      const { id, type, time, data } = finding;
      return { source, id, type, time, data, asOf: note.asOf(domain) };
    });
    const { results } = await publish(domain, facts, life);
    results.forEach((result, n) => {
      const { finding } = some[n]!;
      if (result.status === 'refused') {
        if (result.error.toWire().retryable) throw result.error;
        // It is found again and again.
        if (refused.has(finding.id)) return;
        if (refused.size < MOST_NAMED) refused.add(finding.id);
        logger.error(
          { fact: finding.id, type: finding.type, error: result.error.toWire() },
          'what the engine shows was refused',
        );
      } else if (result.status === 'new' && result.seqs.length > 0) tell(domain, finding);
    });
  }

  function tell(domain: string, { id, type, subject: name, differs }: Finding): void {
    if (!tools.waits()) return;
    tools.onCorrected(name.slice(0, name.indexOf('/')) as SubjectKind);
    logger.warn({ domain, fact: id, type, differs }, 'corrected: the plugin has not brought this');
  }

  return {
    get waits() {
      return tools.waits();
    },
    async note(): Promise<Note> {
      const heads = new Map(
        await Promise.all([...domains].map(async (domain) => [domain, await log.head(domain)] as const)),
      );
      return {
        asOf: (domain) => heads.get(domain)?.seq ?? 0,
        life: (domain) => heads.get(domain)?.epoch,
      };
    },
    async rows(domain, subjects) {
      domains.add(domain);
      const rows = await log.rows(domain, subjects);
      return new Map(rows.map((row) => [row.subject, rowOf(row)]));
    },
    async isOwn(domain, { first, id }) {
      const { entries } = await log.read(domain, { after: first - 1, limit: 1 });
      const [entry] = entries;
      // Where the beginning is forgotten the last event has to tell.
      if (entry?.seq !== first || entry.erased) return isOfEngine(id);
      return isOfEngine((JSON.parse(entry.body) as RealtimeEvent).id);
    },
    async *openRows(kind) {
      const all = new Set([...domains, ...(await log.domains())]);
      all.delete(OWN_DOMAIN);
      for (const domain of all) yield* openIn(domain, kind);
    },
    async take(found) {
      if (tools.waits()) await tools.word();
      // One life at a time, in the order of the findings.
      const lots = new Map<string, Found[]>();
      for (const one of found) {
        const key = JSON.stringify([one.domain, one.note.life(one.domain)]);
        const lot = lots.get(key);
        if (lot) lot.push(one);
        else lots.set(key, [one]);
      }
      for (const lot of lots.values()) {
        const [{ domain, note }] = lot as [Found];
        for (let at = 0; at < lot.length; at += LOT)
          await enter(domain, note.life(domain), lot.slice(at, at + LOT));
      }
    },
  };
}

function rowOf({ subject: name, seq, first, open, body }: StoredRow): LedgerRow {
  const { id, time, data } = JSON.parse(body) as RealtimeEvent;
  return { subject: name, seq, first, id, open, time, data: data as Record<string, unknown> };
}
