import type { Row } from '@netbuild/realtime-client';

/** What stands at one element of a diagram. */
export interface Standing {
  /** The element's id in the model. */
  elementId: string;
  /** As its rows call it; its id where none does. */
  name: string;
  /** Tokens that are there now: more than one in a loop, or in a definition with several instances. */
  running: number;
  /** Runs that have finished. */
  done: number;
  /** Runs that were interrupted. */
  cancelled: number;
  /** It contains others that run, a sub-process; its tokens are theirs. */
  isAround: boolean;
  incidents: { incidentId: string; message: string | undefined }[];
  /** Who has the open tasks there, each once. */
  people: string[];
  /** Instances that it has called and waits for. */
  called: string[];
}

/** The rows that a diagram is told by. */
export interface StandingRows {
  activities: readonly Row<'activity'>[];
  incidents: readonly Row<'incident'>[];
  tasks: readonly Row<'task'>[];
}

/** Elements that contain the ones where tokens are. */
const AROUND = /subProcess|transaction|multiInstanceBody|processDefinition/i;

/** What the engine adds to the id of an element for the whole of its loop. */
const LOOP = /#multiInstanceBody$/;

/**
 * What stands where, by the rows alone: at each element that any of them is about, in the order in which they came to
 * be. An open task counts where no activity tells of it: engines that keep little history report tasks alone.
 */
export function standingOf({ activities, incidents, tasks }: StandingRows): Standing[] {
  const places = new Map<string, Standing & { folk: Set<string> }>();
  const at = (id: string, name: string | undefined) => {
    const elementId = id.replace(LOOP, '');
    const place = places.get(elementId) ?? {
      elementId,
      name: '',
      running: 0,
      done: 0,
      cancelled: 0,
      isAround: false,
      incidents: [],
      people: [],
      called: [],
      folk: new Set<string>(),
    };
    place.name ||= name ?? '';
    places.set(elementId, place);
    return place;
  };

  const known = new Set<string>();
  for (const { data } of activities) {
    known.add(data.activityInstanceId);
    const place = at(data.activityId, data.activityName);
    const isAround = AROUND.test(data.activityType ?? '') || LOOP.test(data.activityId);
    if (data.state === 'ended') {
      if (LOOP.test(data.activityId)) continue;
      if (data.canceled) place.cancelled++;
      else place.done++;
    } else if (isAround) place.isAround = true;
    else place.running++;
    if (data.state === 'running' && data.calledProcessInstanceId !== undefined)
      place.called.push(data.calledProcessInstanceId);
  }
  for (const { data } of tasks) {
    if (data.state !== 'open' || data.taskDefinitionKey === undefined) continue;
    const place = at(data.taskDefinitionKey, data.taskName);
    if (data.activityInstanceId === undefined || !known.has(data.activityInstanceId)) place.running++;
    if (data.assignee !== undefined) place.folk.add(data.assignee);
  }
  for (const { data } of incidents) {
    if (data.state !== 'open' || data.activityId === undefined) continue;
    const { incidentId, message } = data;
    at(data.activityId, undefined).incidents.push({ incidentId, message });
  }
  return [...places.values()].map(({ folk, ...place }) => ({
    ...place,
    name: place.name || place.elementId,
    people: [...folk],
  }));
}

/** Whether something is there now, and not only was. */
export function isCurrent({ running, isAround, incidents }: Standing): boolean {
  return running > 0 || isAround || incidents.length > 0;
}
