import type { TaskData } from '@netbuild/realtime-protocol';
import type { Rest } from '../rest.ts';
import { itemsOf } from './listing.ts';

const ACTIVITIES = '/history/activity-instance';
const VARIABLES = '/history/variable-instance';

/** The run of a multi-instance that an activity instance is of, and how many it asks; nothing where nobody knows. */
export async function multiInstanceOf(
  { read }: Pick<Rest, 'read'>,
  activityInstanceId: string,
): Promise<Pick<NonNullable<TaskData['approval']>, 'among' | 'of'>> {
  const own = { activityInstanceId, maxResults: 1 };
  const [activity] = itemsOf<Activity>(ACTIVITIES, await read(ACTIVITIES, own));
  const among = activity?.parentActivityInstanceId;
  if (!among) return {};
  const counted = { variableName: 'nrOfInstances', activityInstanceIdIn: among, maxResults: 1 };
  const [variable] = itemsOf<Variable>(VARIABLES, await read(VARIABLES, counted));
  const of = variable?.value;
  return { among, ...(typeof of === 'number' && of > 0 ? { of } : {}) };
}

interface Activity {
  id: string;
  parentActivityInstanceId?: string | null;
}

interface Variable {
  id: string;
  value?: unknown;
}
