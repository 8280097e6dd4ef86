const NAMESPACES = [
  'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"',
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
  // The forks of Camunda read the same one.
  'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"',
  'targetNamespace="http://netbuild.com/realtime/chaos"',
].join(' ');

const MESSAGES = ['go-ahead', 'note', 'withdraw'];
const ERRORS = ['broken'];

const element = (name, attributes, ...inner) => {
  const text = Object.entries(attributes).map(([key, value]) => ` ${key}="${value}"`);
  return `<${name}${text.join('')}>${inner.join('')}</${name}>`;
};

/** What the engine evaluates. */
export const expression = (text) => `\${${text}}`;

/** Some elements of BPMN as the engine wants them: each a line of a model. */
export const start = (id, ...inner) => element('startEvent', { id }, ...inner);
export const end = (id, ...inner) => element('endEvent', { id }, ...inner);
export const user = (id, attributes = {}, ...inner) =>
  element('userTask', { id, name: `Task ${id}`, ...attributes }, ...inner);
export const service = (id, work, attributes = {}, ...inner) =>
  element('serviceTask', { id, 'camunda:expression': expression(work), ...attributes }, ...inner);
export const external = (id) =>
  element('serviceTask', { id, 'camunda:type': 'external', 'camunda:topic': 'chaos' });
export const receive = (id, message) => element('receiveTask', { id, messageRef: message });
export const call = (id, calledElement, ...inner) =>
  element('callActivity', { id, calledElement }, extension('<camunda:in variables="all"/>', ...inner));
export const withKey = '<camunda:in businessKey="#{execution.processBusinessKey}"/>';
export const sub = (id, ...inner) => element('subProcess', { id }, ...inner);
export const onEvent = (id, ...inner) => element('subProcess', { id, triggeredByEvent: true }, ...inner);
export const fork = (id) => element('parallelGateway', { id });
export const choice = (id, otherwise) => element('exclusiveGateway', { id, default: otherwise });
export const race = (id) => element('eventBasedGateway', { id });
export const pause = (id, ...inner) => element('intermediateCatchEvent', { id }, ...inner);
export const boundary = (id, attachedToRef, definition, cancelActivity = true) =>
  element('boundaryEvent', { id, attachedToRef, cancelActivity }, definition);

export const timer = (duration) =>
  `<timerEventDefinition><timeDuration xsi:type="tFormalExpression">${duration}</timeDuration></timerEventDefinition>`;
export const message = (name) => `<messageEventDefinition messageRef="${name}"/>`;
export const error = (name) => `<errorEventDefinition errorRef="${name}"/>`;
export const terminate = '<terminateEventDefinition/>';

/** One for each number below a count; `until`: the others are cancelled then. */
export const many = ({ count, isSequential = false, until }) =>
  element(
    'multiInstanceLoopCharacteristics',
    { isSequential },
    `<loopCardinality xsi:type="tFormalExpression">${count}</loopCardinality>`,
    until ? `<completionCondition xsi:type="tFormalExpression">${until}</completionCondition>` : '',
  );
/** A job that is tried twice, a second apart, before it is an incident. */
export const retried = () =>
  extension('<camunda:failedJobRetryTimeCycle>R2/PT1S</camunda:failedJobRetryTimeCycle>');

function extension(...inner) {
  return `<extensionElements>${inner.join('')}</extensionElements>`;
}

/**
 * Sequence flows, as `a > b > c`. With a condition the last flow of a line is taken only then; a default has the
 * name of its two ends.
 */
export const flow = (line, condition) => {
  const names = line.split('>').map((name) => name.trim());
  return names
    .slice(1)
    .map((to, i) => {
      const isLast = i === names.length - 2;
      const inner =
        condition && isLast
          ? `<conditionExpression xsi:type="tFormalExpression">${expression(condition)}</conditionExpression>`
          : '';
      return element('sequenceFlow', { id: `${names[i]}-${to}`, sourceRef: names[i], targetRef: to }, inner);
    })
    .join('');
};

/** A model with one process, as XML text. */
export function definition(id, ...inner) {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<definitions ${NAMESPACES} id="${id}-definitions">`,
    ...MESSAGES.map((name) => element('message', { id: name, name: `chaos-${name}` })),
    ...ERRORS.map((name) => element('error', { id: name, errorCode: name })),
    element('process', { id, name: id, isExecutable: true, 'camunda:historyTimeToLive': 'P30D' }, ...inner),
    '</definitions>',
  ].join('\n');
}
