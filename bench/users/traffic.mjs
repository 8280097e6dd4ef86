import { EVERYBODY, everybody, inExecution, inGroup, personOf, USERS } from './cast.mjs';

const TEXT =
  'The papers for this order have come in; two of them lack a signature, the rest is as it was agreed on the phone. ' +
  'Could somebody look at page four before it goes on to the next desk?';

/** Tasks that come into being between two steps of one. */
const BETWEEN = 20;

/**
 * What is published, without end, in the same order each time. Of five events three are messages in executions of
 * ten people, and two are steps of tasks (created, assigned, completed) in groups of a hundred: 46 deliveries an
 * event, on average.
 *
 * Each has the fact, the rooms as a stock server has to be told them, and who must get it; steps of one task name
 * it, since they must not overtake each other.
 */
export function* traffic() {
  for (let n = 0, step = 0; ; n++) {
    yield n % 5 < 3 ? message(n) : taskStep(step++);
  }
}

function message(n) {
  const person = (n * 7919) % USERS;
  const { userId, executionId } = personOf(person);
  const data = { messageId: `message-${n}`, executionId, content: TEXT, userId };
  return {
    fact: { type: 'message:new', data },
    rooms: [`execution:${executionId}`],
    to: inExecution(person),
  };
}

/** One event for all of them. */
export function announcement() {
  const fact = { type: 'x:announcement', groupid: EVERYBODY, data: { text: TEXT } };
  return { fact, rooms: [`group:${EVERYBODY}`], to: everybody() };
}

function taskStep(step) {
  const stage = step % 3;
  // The first tasks have no later steps: they are created when others are.
  const task = Math.floor(step / 3) - stage * BETWEEN;
  const number = task < 0 ? `early-${step}` : task;
  const person = (Math.abs(task) * 104_729) % USERS;
  const { userId, groups } = personOf(person);
  const data = { taskId: `task-${number}` };
  const whole = {
    ...data,
    taskName: 'Check the papers',
    description: TEXT,
    candidates: { addGroups: [groups[0]] },
  };
  const fact =
    task < 0 || stage === 0
      ? { type: 'task:created', data: whole }
      : stage === 1
        ? { type: 'task:assigned', data: { ...data, assignee: userId } }
        : { type: 'task:completed', data: { ...data, by: userId } };
  return { fact, rooms: [`group:${groups[0]}`], to: inGroup(person), task: data.taskId };
}
