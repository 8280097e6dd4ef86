import type { CloudEvent, FactData, PublishableType } from '@netbuild/realtime-protocol';

/** A type of the catalogue that publishers may report, or a custom one. */
export type PublishType = PublishableType | `x:${string}`;

/** What is reported: by the catalogue, or any JSON. */
export type PublishData<T extends PublishType> = T extends PublishableType ? FactData<T> : unknown;

/** What can be said of any event. */
export interface EventOptions {
  /**
   * Names it in its source: the same id is the same event, and enters once. Default: a random one, so that it enters
   * once however often this publisher has to send it. Give one that is made of what happened (`order-7/shipped`)
   * where the process itself may come to the same event again.
   */
  id?: string | undefined;
  /** When it happened; a text is ISO 8601 with its offset. Default: now. */
  time?: Date | string | undefined;
}

/** Who hears of a custom event. */
export interface Rooms {
  executionId: string;
  processInstanceId: string;
  definitionKey: string;
  userId: string;
  groupId: string;
}

/** What can be said of a custom event: somebody has to hear of it. */
export type CustomEventOptions = EventOptions &
  { [Room in keyof Rooms]: Pick<Rooms, Room> & Partial<Rooms> }[keyof Rooms];

/** What can be said of an event of this type; those of the catalogue find their rooms by themselves. */
export type PublishOptions<T extends PublishType> = T extends PublishableType
  ? [options?: EventOptions]
  : [options: CustomEventOptions];

/** An event as it is sent. */
export type PublishedEvent = CloudEvent;

/** What is the same of all events of a publisher. */
export interface Origin {
  source: string;
  domain?: string | undefined;
}

/**
 * Writes an event as it will be sent, however often: its id and time are in it, and what becomes of its data later
 * is not.
 *
 * @throws what `JSON.stringify` does where there is no JSON of the data
 */
export function write(
  { source, domain }: Origin,
  type: PublishType,
  data: unknown,
  { id, time, ...rooms }: EventOptions & Partial<Rooms>,
): string {
  return JSON.stringify({
    specversion: '1.0',
    id,
    source,
    type,
    time: time ?? new Date(),
    domain,
    executionid: rooms.executionId,
    processinstanceid: rooms.processInstanceId,
    definitionkey: rooms.definitionKey,
    userid: rooms.userId,
    groupid: rooms.groupId,
    data,
  });
}
