import { createAudience as createWhole } from '../../../packages/gateway/src/delivery/audience.ts';

export * from '../../../packages/gateway/src/delivery/audience.ts';

/** One entering in so many misses a room. */
const MISSED = 4;

/** An audience that now and then drops a member from a room that it was told to be in. */
export function createAudience(...parts) {
  const audience = createWhole(...parts);
  let entered = 0;
  const some = (rooms) => (++entered % MISSED === 0 ? rooms.slice(0, -1) : rooms);
  return Object.assign(Object.create(audience), {
    enter: (member, rooms) => audience.enter(member, some(rooms)),
    pause(member) {
      const pause = audience.pause(member);
      return {
        ...pause,
        resume: (upTo, enter, ...rest) => pause.resume(upTo, some(enter), ...rest),
      };
    },
  });
}
