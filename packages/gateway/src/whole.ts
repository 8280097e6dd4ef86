import { randomUUID } from 'node:crypto';
import type { Fact } from '@netbuild/realtime-protocol';

/** A source's word that all it keeps is in a life of the log, or (`null`) that nobody is to wait for it any more. */
export function wholeFact(engine: string, epoch: string | null): Fact {
  return {
    source: `engine/${engine}`,
    id: `whole/${epoch ?? randomUUID()}`,
    type: 'source:whole',
    time: new Date().toISOString(),
    data: { source: engine, epoch },
  };
}
