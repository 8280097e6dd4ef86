import { isOf, type Row } from '@netbuild/realtime-client';
import type { RealtimeEvent } from '@netbuild/realtime-protocol';
import type { Formats } from '../locale/formats.ts';
import { describe } from './describe.ts';
import type { Detail } from './detail.ts';
import type { EventWords } from './event-words.ts';

/** An event of the story; `pending`: the command that is expected to bring it about, or to change it. */
export type StoryEvent = RealtimeEvent & { pending?: string };

/**
 * Messages stand where they were said, as they read now, and agents where they began, as they are. How far somebody has
 * read is no part of the story.
 */
export function asNow(events: readonly StoryEvent[]): StoryEvent[] {
  const said = new Map<string, StoryEvent>();
  for (const event of events)
    if (standsStill(event)) {
      const first = said.get(event.subject);
      said.set(event.subject, first ? changed(first, event) : event);
    }
  return events.flatMap((event) => {
    if (isOf('read', event)) return [];
    if (!standsStill(event)) return [event];
    const now = said.get(event.subject)!;
    return now.id === event.id ? [now] : [];
  });
}

/** What stands where it began, as a later event of it says. */
function changed(first: StoryEvent, { data, type, pending, ...event }: StoryEvent): StoryEvent {
  const isRenamed = isOf('agent', first) || type === 'message:deleted';
  return {
    ...first,
    data,
    ...(isRenamed ? { type } : {}),
    ...(pending === undefined || event.id === first.id ? {} : { pending }),
  };
}

function standsStill(event: RealtimeEvent): event is Row<'message'> | Row<'agent'> {
  return isOf('message', event) || isOf('agent', event);
}

/** Whether a level of detail shows an event. */
export function isShown(event: StoryEvent, detail: Detail, words: EventWords, formats: Formats): boolean {
  return (
    detail === 'steps' ||
    isOf('message', event) ||
    (detail === 'workflow' && describe(event, words, formats).level === 'workflow')
  );
}

/** Whether it is on its way, and stands in no log yet. */
export function isOnItsWay({ pending, commandId }: StoryEvent): boolean {
  return pending !== undefined && pending === commandId;
}
