import {
  boundary,
  call,
  choice,
  definition,
  end,
  error,
  expression,
  external,
  flow,
  fork,
  many,
  message,
  onEvent,
  pause,
  race,
  receive,
  retried,
  service,
  start,
  sub,
  terminate,
  timer,
  user,
  withKey,
} from './xml.mjs';

/** Throws where the variable `fail` is true: there is no such bean. */
const SHAKY = 'fail ? nowhere.work() : 1';

/**
 * The models that are played: what each stands for, how often beside the others, and what an actor can meet in it
 * beside user tasks. `variables`: what a start gives beside {@link VARIABLES}.
 */
export const MODELS = {
  review: {
    weight: 10,
    xml: [
      start('begin'),
      user('first', {
        'camunda:candidateGroups': 'developers',
        'camunda:priority': '30',
        'camunda:dueDate': '2031-05-06T07:08:09',
      }),
      choice('again', 'again-second'),
      user('second', { 'camunda:assignee': 'alice', 'camunda:candidateUsers': 'bob' }),
      end('done'),
      flow('begin > first > again > second > done'),
      flow('again > first', 'again'),
    ],
  },
  parallel: {
    weight: 12,
    meets: ['external'],
    xml: [
      start('begin'),
      fork('fork'),
      user('left', { 'camunda:candidateUsers': 'alice,bob' }),
      user('middle'),
      external('right'),
      fork('join'),
      user('last'),
      end('done'),
      flow('begin > fork > left > join > last > done'),
      flow('fork > middle > join'),
      flow('fork > right > join'),
    ],
  },
  terminated: {
    weight: 4,
    xml: [
      start('begin'),
      fork('fork'),
      user('decide'),
      user('other', { 'camunda:assignee': 'bob' }),
      end('stop', terminate),
      end('done'),
      flow('begin > fork > decide > stop'),
      flow('fork > other > done'),
    ],
  },
  many: {
    weight: 8,
    xml: [
      start('begin'),
      user(
        'vote',
        { 'camunda:assignee': expression("loopCounter % 2 == 0 ? 'alice' : 'bob'") },
        many({ count: expression('count'), until: expression('nrOfCompletedInstances > 2') }),
      ),
      user('sign', { 'camunda:candidateGroups': 'leads' }, many({ count: '2', isSequential: true })),
      end('done'),
      flow('begin > vote > sign > done'),
    ],
  },
  timers: {
    weight: 10,
    meets: ['timer'],
    xml: [
      start('begin'),
      user('work'),
      boundary('late', 'work', timer(expression('deadline'))),
      boundary('slow', 'work', timer(expression('reminder')), false),
      user('escalated', { 'camunda:candidateGroups': 'leads' }),
      user('remind'),
      pause('rest', timer('PT1S')),
      end('done'),
      end('reminded'),
      flow('begin > work > rest > done'),
      flow('late > escalated > rest'),
      flow('slow > remind > reminded'),
    ],
  },
  errors: {
    weight: 8,
    meets: ['external'],
    xml: [
      start('begin'),
      sub(
        'inner',
        start('inner-begin'),
        user('try'),
        choice('worked', 'worked-inner-done'),
        end('inner-done'),
        end('inner-broken', error('broken')),
        flow('inner-begin > try > worked > inner-done'),
        flow('worked > inner-broken', 'fail'),
      ),
      boundary('caught', 'inner', error('broken')),
      external('build'),
      boundary('build-broken', 'build', error('broken')),
      user('repair', { 'camunda:candidateGroups': 'developers' }),
      end('done'),
      flow('begin > inner > build > done'),
      flow('caught > repair > done'),
      flow('build-broken > repair'),
    ],
  },
  called: {
    weight: 3,
    meets: ['job'],
    xml: [
      start('begin'),
      user('called-work', { 'camunda:candidateGroups': 'leads' }),
      service('called-service', SHAKY, { 'camunda:asyncBefore': true }, retried()),
      end('done'),
      flow('begin > called-work > called-service > done'),
    ],
  },
  calls: {
    weight: 10,
    meets: ['job', 'called'],
    xml: [
      start('begin'),
      user('prepare'),
      call('call', 'called', withKey),
      user('after'),
      end('done'),
      flow('begin > prepare > call > after > done'),
    ],
  },
  /** Calls through two levels, and gets its business key while both are open. */
  deep: {
    weight: 8,
    meets: ['job', 'called'],
    xml: [
      start('begin'),
      fork('fork'),
      call('call', 'calls'),
      user('name-it'),
      service('link', 'execution.setProcessBusinessKey(lateKey)'),
      fork('join'),
      end('done'),
      flow('begin > fork > call > join > done'),
      flow('fork > name-it > link > join'),
    ],
  },
  late: {
    weight: 8,
    xml: [
      start('begin'),
      fork('fork'),
      user('bystander'),
      user('name-it'),
      service('link', 'execution.setProcessBusinessKey(lateKey)'),
      user('confirm', { 'camunda:candidateUsers': 'alice' }),
      service('relink', "execution.setProcessBusinessKey(lateKey.concat('-again'))"),
      user('close-it'),
      end('done'),
      end('stood-by'),
      flow('begin > fork > name-it > link > confirm > relink > close-it > done'),
      flow('fork > bystander > stood-by'),
    ],
  },
  incidents: {
    weight: 10,
    meets: ['job'],
    variables: { fail: true },
    xml: [
      start('begin'),
      service('shaky', SHAKY, { 'camunda:asyncBefore': true }, retried()),
      user('check'),
      end('done'),
      flow('begin > shaky > check > done'),
    ],
  },
  /** A service that fails in the transaction of the task before it: nothing has happened then. */
  rollback: {
    weight: 10,
    xml: [
      start('begin'),
      user('work', { 'camunda:assignee': 'bob' }),
      service('shaky', SHAKY),
      user('after'),
      end('done'),
      flow('begin > work > shaky > after > done'),
    ],
  },
  /** The same in the transaction of the start, after a task has come into being: there never was one. */
  stillborn: {
    weight: 4,
    variables: { fail: true },
    xml: [
      start('begin'),
      fork('fork'),
      user('unborn', { 'camunda:assignee': 'alice' }),
      service('shaky', SHAKY),
      end('done'),
      end('worked'),
      flow('begin > fork > unborn > done'),
      flow('fork > shaky > worked'),
    ],
  },
  messages: {
    weight: 8,
    meets: ['message'],
    xml: [
      start('begin'),
      receive('wait', 'go-ahead'),
      boundary('noted', 'wait', message('note'), false),
      user('note-it'),
      race('whichever'),
      pause('by-message', message('go-ahead')),
      pause('by-timer', timer('P30D')),
      user('confirm'),
      end('done'),
      end('noted-done'),
      onEvent(
        'withdrawn',
        start('withdraw-it', message('withdraw')),
        user('clean-up'),
        end('cleaned'),
        flow('withdraw-it > clean-up > cleaned'),
      ),
      flow('begin > wait > whichever > by-message > confirm > done'),
      flow('whichever > by-timer > confirm'),
      flow('noted > note-it > noted-done'),
    ],
  },
};

/** What every instance is started with; expressions would fail without. */
export const VARIABLES = { fail: false, again: false, count: 3, deadline: 'P30D', reminder: 'P30D' };

/** The XML of each model, by its file's name. */
export const FILES = Object.fromEntries(
  Object.entries(MODELS).map(([id, { xml }]) => [`${id}.bpmn`, definition(id, ...xml)]),
);
