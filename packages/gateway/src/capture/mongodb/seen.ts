import type { ChangeStreamDocument } from 'mongodb';
import type { Document, Seen } from './mapping.ts';

/** Whatever ends what a stream of a collection is about; a drop of MongoDB is followed by an `invalidate`. */
export const ENDINGS: ReadonlySet<string> = new Set(['drop', 'rename', 'dropDatabase', 'invalidate']);

/** What is asked for of changes: what the source names, and nothing else of a document leaves the database. */
export function pipelineOf(places: string[]): object[] {
  const documents = ['fullDocument', 'fullDocumentBeforeChange'];
  const named = documents.flatMap((document) => places.map((place) => [`${document}.${place}`, 1]));
  const own = ['operationType', 'ns', 'documentKey', 'clusterTime', 'wallTime'].map((name) => [name, 1]);
  return [{ $project: Object.fromEntries([...own, ...named]) }];
}

/** What a change says of a document; none: it is gone, and its end comes later in the stream. */
export function seenOf(change: ChangeStreamDocument): Seen | undefined {
  const { operationType: kind, _id } = change;
  const at = (change as { wallTime?: Date }).wallTime;
  const occurrence = JSON.stringify(_id);
  if (kind === 'delete') {
    const { documentKey, fullDocumentBeforeChange } = change;
    const document = { ...fullDocumentBeforeChange, ...documentKey } as Document;
    return { kind, key: documentKey._id, document, occurrence, at };
  }
  if (kind !== 'insert' && kind !== 'update' && kind !== 'replace') return undefined;
  const document = change.fullDocument as Document | undefined | null;
  return document?._id === undefined ? undefined : { kind, key: document._id, document, occurrence, at };
}
