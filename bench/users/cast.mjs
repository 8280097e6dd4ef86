/** The tenant that everybody is in. */
export const DOMAIN = 'bench';

/** People signed in at once, each with one connection. */
export const USERS = 5000;

const GROUPS = USERS / 100;
const EXECUTIONS = USERS / 10;

/** The group that everybody is in. */
export const EVERYBODY = 'everybody';

/** A person: in a group of a hundred and in that of everybody, with an execution of ten people on the screen. */
export function personOf(n) {
  const userId = `user-${n}`;
  const groups = [`group-${n % GROUPS}`, EVERYBODY];
  const executionId = `execution-${n % EXECUTIONS}`;
  const rooms = [
    `user:${userId}`,
    `domain:${DOMAIN}`,
    ...groups.map((group) => `group:${group}`),
    `execution:${executionId}`,
  ];
  return { userId, groups, executionId, rooms };
}

/** The people of somebody's execution, of somebody's group, and all of them. */
export const inExecution = (n) => every(n % EXECUTIONS, EXECUTIONS);
export const inGroup = (n) => every(n % GROUPS, GROUPS);
export const everybody = () => every(0, 1);

function every(first, step) {
  return Array.from({ length: USERS / step }, (_, i) => first + i * step);
}

/** What there is before anybody comes. */
export function openingFacts() {
  return Array.from({ length: EXECUTIONS }, (_, n) => ({
    id: `execution-${n}`,
    type: 'execution:created',
    data: {
      executionId: `execution-${n}`,
      title: `Order ${n}`,
      participants: inExecution(n).map((person) => `user-${person}`),
    },
  }));
}
