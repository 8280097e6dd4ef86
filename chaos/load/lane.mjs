import { randomOf } from '../../scripts/lib/random.mjs';
import { EXECUTIONS, GROUPS, PROCESSES, USERS } from './cast.mjs';

/** Open tasks that a lane works on at once. */
const MOST_TASKS = 12;

/** Facts that a lane remembers the tasks of. */
const REMEMBERED = 1000;

/**
 * Whether a publisher keeps what was acknowledged until the storage can not lose it any more. One in four can't, as
 * a webhook can't: it says and reports what stands for itself, and has no tasks.
 */
export const doesKeep = (lane) => lane % 4 !== 3;

/**
 * One publisher's facts, in its order: a pure function of seed, number and what it was told to forget, so that the
 * oracle can tell them again. A lane alone touches its tasks and each of its facts is news, so it knows the rooms
 * that each must come to.
 */
export function laneOf(seed, lane) {
  const random = randomOf(`${seed}/lane-${lane}`);
  const source = `chaos/lane-${lane}`;
  const tasks = [];
  /** Which task a fact was about. */
  const about = new Map();
  let n = 0;
  let born = 0;

  const fact = (type, data, rest = {}) => ({ source, id: String(n), type, data, ...rest });
  const changed = (task, type, data, change) => {
    const before = roomsOf(task);
    change();
    const rooms = roomsOf(task);
    return {
      fact: fact(type, { taskId: task.id, ...data }),
      rooms,
      left: before.filter((room) => !rooms.includes(room)),
    };
  };
  const acts = {
    create() {
      const task = {
        id: `task-${lane}-${born++}`,
        process: random.pick(PROCESSES),
        assignee: undefined,
        users: random.below(3) === 0 ? [random.pick(USERS)] : [],
        groups: random.some(GROUPS, random.between(1, 3)),
      };
      tasks.push(task);
      return {
        fact: fact('task:created', {
          taskId: task.id,
          taskName: `Task ${task.id}`,
          processInstanceId: task.process.id,
          processDefinitionKey: task.process.definition,
          candidates: { addUsers: task.users, addGroups: task.groups },
        }),
        rooms: roomsOf(task),
        left: [],
      };
    },
    assign(task) {
      const assignee = random.pick(USERS.filter((user) => user !== task.assignee));
      return changed(task, 'task:assigned', { assignee }, () => {
        task.assignee = assignee;
      });
    },
    unassign(task) {
      return changed(task, 'task:unassigned', { assignee: null }, () => {
        task.assignee = undefined;
      });
    },
    regroup(task) {
      const wanted = random.some(GROUPS, random.between(1, 3));
      const addGroups = wanted.filter((group) => !task.groups.includes(group));
      const removeGroups = task.groups.filter((group) => !wanted.includes(group));
      if (addGroups.length + removeGroups.length === 0) return acts.assign(task);
      return changed(task, 'task:updated', { candidates: { addGroups, removeGroups } }, () => {
        task.groups = [...task.groups.filter((group) => !removeGroups.includes(group)), ...addGroups];
      });
    },
    end(task) {
      tasks.splice(tasks.indexOf(task), 1);
      const type = random.below(4) === 0 ? 'task:cancelled' : 'task:completed';
      // The end goes to all who had it.
      return { fact: fact(type, { taskId: task.id }), rooms: roomsOf(task), left: [] };
    },
    say() {
      const executionId = random.pick(EXECUTIONS);
      const data = {
        messageId: `message-${lane}-${n}`,
        executionId,
        userId: random.pick(USERS),
        content: `Message ${n} of lane ${lane}`,
      };
      return { fact: fact('message:new', data), rooms: [`execution:${executionId}`], left: [] };
    },
    /** A custom event leaves no row: nothing but its key tells a second one from the first. */
    beat() {
      const [attribute, kind, ids] = random.pick([
        ['executionid', 'execution', EXECUTIONS],
        ['groupid', 'group', GROUPS],
        ['userid', 'user', USERS],
        ['processinstanceid', 'process', PROCESSES.map(({ id }) => id)],
      ]);
      const id = random.pick(ids);
      return {
        fact: fact('x:beat', { lane, n }, { [attribute]: id }),
        rooms: [`${kind}:${id}`],
        left: [],
      };
    },
  };

  return {
    /** @returns {{ n: number, fact: object, rooms: string[], left: string[], task: string | undefined }} */
    next() {
      n++;
      const task = random.pick(tasks);
      const act = random.weighed({
        say: 15,
        beat: 20,
        create: doesKeep(lane) && tasks.length < MOST_TASKS ? 18 : 0,
        assign: task ? 18 : 0,
        unassign: task?.assignee === undefined ? 0 : 12,
        regroup: task ? 15 : 0,
        end: tasks.length > MOST_TASKS / 2 ? 14 : 0,
      });
      const made = acts[act](task);
      const { taskId } = made.fact.data;
      about.set(n, taskId);
      about.delete(n - REMEMBERED);
      return { n, ...made, task: taskId };
    },
    /** Has nothing to do any more with the task that a fact was about. */
    forget(of) {
      const at = tasks.findIndex(({ id }) => id === about.get(of));
      if (at >= 0) tasks.splice(at, 1);
    },
  };
}

function roomsOf({ process, assignee, users, groups }) {
  return [
    ...new Set([
      `process:${process.id}`,
      `execution:${process.execution}`,
      `definition:${process.definition}`,
      ...(assignee === undefined ? [] : [`user:${assignee}`]),
      ...users.map((user) => `user:${user}`),
      ...groups.map((group) => `group:${group}`),
    ]),
  ];
}
