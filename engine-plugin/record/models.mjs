const head = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="recording">`

/** @param flows `'from > to'` */
const model = (id, name, elements, flows, definitions = '') => `${head}
  ${definitions}
  <process id="${id}" name="${name}" isExecutable="true" camunda:historyTimeToLive="P1D">
    ${elements.join('\n    ')}
    ${sequence(flows)}
  </process>
</definitions>`

const sequence = (flows) =>
  flows.map((flow, n) => {
    const [from, to] = flow.split(' > ')
    return `<sequenceFlow id="${from}-${to}-${n}" sourceRef="${from}" targetRef="${to}" />`
  }).join('\n    ')

const begin = '<startEvent id="begin" camunda:initiator="starter" />'
const done = '<endEvent id="done" />'
const parallel = (id) => `<parallelGateway id="${id}" />`
const userTask = (id, name, attributes = '', inner = '') => `<userTask id="${id}" name="${name}" ${attributes}>${inner}</userTask>`
const call = (id, called, inner = '') => `<callActivity id="${id}" name="Call ${called}" calledElement="${called}">${inner}</callActivity>`
const timer = (id, attachedTo, isInterrupting) =>
  `<boundaryEvent id="${id}" attachedToRef="${attachedTo}" cancelActivity="${isInterrupting}"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">P1D</timeDuration></timerEventDefinition></boundaryEvent>`
const service = (id, expression, attributes = '', inner = '') =>
  `<serviceTask id="${id}" name="${id}" camunda:expression="${expression}" ${attributes}>${inner}</serviceTask>`

/** Calls quick-check twice, in turn: three instances under one root. */
export const checkedTwice = model('checked-twice', 'Checked twice', [
  begin,
  call('check-it', 'quick-check', '<multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>'),
  done,
], ['begin > check-it', 'check-it > done'])

/** Starts without a business key, has two tasks and a called instance open, and then gets a key. */
export const linkedLate = model('linked-late', 'Linked late', [
  begin,
  parallel('fork'),
  userTask('look', 'Look at it', 'camunda:candidateGroups="developers"'),
  call('call', 'quick-check'),
  userTask('name-it', 'Name the execution', 'camunda:candidateGroups="developers"'),
  service('link', '${execution.setProcessBusinessKey(key)}'),
  userTask('go-on', 'Go on', 'camunda:candidateGroups="developers"'),
  parallel('join'),
  done,
], ['begin > fork', 'fork > look', 'look > join', 'fork > call', 'call > join', 'fork > name-it', 'name-it > link', 'link > go-on', 'go-on > join', 'join > done'])

/** Two tasks side by side; the second one's end ends all. */
export const parallelTasks = model('parallel-tasks', 'Parallel tasks', [
  begin,
  parallel('fork'),
  userTask('one', 'One', 'camunda:candidateGroups="developers"'),
  userTask('two', 'Two', 'camunda:candidateGroups="developers"'),
  parallel('join'),
  done,
  userTask('stop', 'Stop it', 'camunda:candidateGroups="developers"'),
  '<endEvent id="stopped"><terminateEventDefinition /></endEvent>',
], ['begin > fork', 'fork > one', 'fork > two', 'fork > stop', 'one > join', 'two > join', 'join > done', 'stop > stopped'])

/** Three tasks at once, each somebody's from the beginning. */
export const votes = model('votes', 'Votes', [
  begin,
  userTask('vote', 'Vote', 'camunda:assignee="voter-${loopCounter}"', '<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>'),
  done,
], ['begin > vote', 'vote > done'])

/** Three are asked at once, until one rejects. */
export const approvals = model('approvals', 'Approvals', [
  begin,
  userTask('approve', 'Approve it', 'camunda:candidateUsers="approver-${loopCounter}" camunda:dueDate="2030-01-01T00:00:00"', `
      <extensionElements><camunda:properties><camunda:property name="approval" value="true" /><camunda:property name="reasonRequired" value="true" /></camunda:properties></extensionElements>
      <multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality><completionCondition>\${approved == false}</completionCondition></multiInstanceLoopCharacteristics>`),
  done,
], ['begin > approve', 'approve > done'])

/** A task that is reminded of and then taken away by timers; both are far away. */
export const deadlines = model('deadlines', 'Deadlines', [
  begin,
  userTask('answer', 'Answer', 'camunda:assignee="${starter}" camunda:candidateUsers="bob" camunda:dueDate="2030-01-01T00:00:00" camunda:priority="70"'),
  timer('remind', 'answer', false),
  userTask('remember', 'Remember', 'camunda:candidateGroups="leads"'),
  done,
  timer('give-up', 'answer', true),
  userTask('escalate', 'Escalate', 'camunda:candidateGroups="leads"'),
  '<endEvent id="escalated" />',
], ['begin > answer', 'answer > done', 'remind > remember', 'remember > done', 'give-up > escalate', 'escalate > escalated'])

/** A subprocess that ends with an error while a second task of it is open, and what catches the error. */
export const errors = model('errors', 'Errors', [
  begin,
  `<subProcess id="work" name="Work">
      <startEvent id="work-begin" />
      ${parallel('work-fork')}
      ${userTask('try-it', 'Try it', 'camunda:candidateGroups="developers"')}
      ${userTask('watch-it', 'Watch it', 'camunda:candidateGroups="developers"')}
      <endEvent id="failed"><errorEventDefinition errorRef="e" /></endEvent>
      <endEvent id="watched" />
      ${sequence(['work-begin > work-fork', 'work-fork > try-it', 'work-fork > watch-it', 'try-it > failed', 'watch-it > watched'])}
    </subProcess>`,
  '<boundaryEvent id="caught" attachedToRef="work"><errorEventDefinition errorRef="e" /></boundaryEvent>',
  userTask('mend-it', 'Mend it', 'camunda:candidateGroups="developers"'),
  done,
], ['begin > work', 'work > done', 'caught > mend-it', 'mend-it > done'], '<error id="e" errorCode="failed" />')

/** A service that fails until there is a `price`, in an instance that another one has called. */
export const pricing = model('pricing', 'Pricing', [
  begin,
  service('set-price', '${execution.setVariable(\'endpoint\', price)}', 'camunda:asyncBefore="true"', '<extensionElements><camunda:failedJobRetryTimeCycle>R1/PT1S</camunda:failedJobRetryTimeCycle></extensionElements>'),
  done,
], ['begin > set-price', 'set-price > done'])

export const callsPricing = model('calls-pricing', 'Calls pricing', [
  begin,
  call('price-it', 'pricing', '<extensionElements><camunda:in variables="all" /></extensionElements>'),
  done,
], ['begin > price-it', 'price-it > done'])

/** After the task comes what fails, in the same transaction: nothing of the completion stays. */
export const failing = model('failing', 'Failing', [
  begin,
  userTask('check', 'Check', 'camunda:candidateGroups="developers"'),
  service('fails', '${price}'),
  done,
], ['begin > check', 'check > fails', 'fails > done'])

/** Many tasks that join: of those who complete at the same moment, some lose. */
export const crowd = model('crowd', 'Crowd', [
  begin,
  userTask('vote', 'Vote', 'camunda:candidateGroups="developers"', '<multiInstanceLoopCharacteristics><loopCardinality>6</loopCardinality></multiInstanceLoopCharacteristics>'),
  done,
], ['begin > vote', 'vote > done'])

/** Waits for a message, and has a task with an input of its own after it, behind a transaction of its own. */
export const messages = model('messages', 'Messages', [
  '<startEvent id="ordered"><messageEventDefinition messageRef="order" /></startEvent>',
  '<intermediateCatchEvent id="paid-in"><messageEventDefinition messageRef="payment" /></intermediateCatchEvent>',
  userTask('ship', 'Ship', 'camunda:asyncBefore="true" camunda:asyncAfter="true" camunda:candidateGroups="developers"',
    '<extensionElements><camunda:inputOutput><camunda:inputParameter name="inputOfShip">${amount + 1}</camunda:inputParameter></camunda:inputOutput></extensionElements>'),
  done,
], ['ordered > paid-in', 'paid-in > ship', 'ship > done'], '<message id="order" name="order" /><message id="payment" name="payment" />')

/** Two versions of the same process, to migrate between. */
export const moving = (name) => model('moving', name, [
  begin,
  userTask('check', 'Check', 'camunda:candidateGroups="developers"'),
  userTask('after', 'After', 'camunda:candidateGroups="developers"'),
  done,
], ['begin > check', 'check > after', 'after > done'])
