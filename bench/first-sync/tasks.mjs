import { deployModel } from '../../scripts/stack/engine.mjs';

/** How many tasks one command makes. */
const AT_ONCE = 1000;

/** Groups that tasks have as candidates, and how many of the rounds go to each of the processes. */
const GROUPS = 20;
const ROUNDS = { grouped: 17, claimed: 2, named: 1 };

export const SHARES = `of ${GROUPS} groups; of twenty, two are assigned and one has a candidate user`;

/** A task for each number, with a group of its own by turns. */
const process = (id, more) => `
  <process id="${id}" isExecutable="true" camunda:historyTimeToLive="10">
    <startEvent id="${id}-start" />
    <sequenceFlow id="${id}-flow" sourceRef="${id}-start" targetRef="${id}-task" />
    <userTask id="${id}-task" name="Task" camunda:candidateGroups="group-\${loopCounter % ${GROUPS}},everybody" ${more}>
      <multiInstanceLoopCharacteristics><loopCardinality>\${tasks}</loopCardinality></multiInstanceLoopCharacteristics>
    </userTask>
  </process>`;

const MODEL = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
    targetNamespace="measurement">
  ${process('grouped', '')}
  ${process('claimed', 'camunda:assignee="alice"')}
  ${process('named', 'camunda:candidateUsers="carol"')}
</definitions>`;

/**
 * Fills an engine with open tasks, in as few commands as they may be.
 *
 * @param {string} url of its REST API
 * @returns how many there are
 */
export async function openTasks(url, account, rest, count) {
  await deployModel(url, account, 'measurement', MODEL);
  const kinds = Object.entries(ROUNDS).flatMap(([kind, rounds]) => Array(rounds).fill(kind));
  const size = Math.min(AT_ONCE, Math.ceil(count / kinds.length));
  for (let made = 0, round = 0; made < count; made += size, round++) {
    const variables = { tasks: { value: Math.min(size, count - made), type: 'Integer' } };
    await rest('POST', `/process-definition/key/${kinds[round % kinds.length]}/start`, { variables });
  }
  return (await rest('GET', '/task/count')).count;
}
