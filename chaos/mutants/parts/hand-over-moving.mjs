import { createAudience as createStill } from '../../../packages/gateway/src/delivery/audience.ts';

export * from '../../../packages/gateway/src/delivery/audience.ts';

/** An audience whose members do not stand still while they subscribe: what happens meanwhile is not kept for them. */
export function createAudience(...parts) {
  const audience = createStill(...parts);
  return Object.assign(Object.create(audience), {
    pause: (member) => ({
      resume(_upTo, enter, answer) {
        audience.enter(member, enter);
        answer();
      },
      abandon() {},
    }),
  });
}
