import { randomUUID } from 'node:crypto'
import { approvals, crowd, deadlines, errors, failing, parallelTasks, votes } from '../models.mjs'
import { text } from '../world.mjs'

/** What becomes of tasks: side by side, many at once, interrupted, without a process. */
export const tasks = {
  'standalone-task': {
    model: null,
    levels: ['full', 'audit', 'activity'],
    scenario: 'A task without a process is created, gets a candidate user, is delegated and resolved, and completed.',
    async run({ rest, claim, complete, taskEnd }) {
      const id = `standalone-${randomUUID()}`
      await rest('alice', 'POST', '/task/create', { id, name: 'Call the customer', description: 'Says "hello",\nand 😀', priority: 60 })
      await rest('alice', 'POST', `/task/${id}/identity-links`, { userId: 'bob', type: 'candidate' })
      await claim('alice', id)
      await rest('alice', 'POST', `/task/${id}/delegate`, { userId: 'bob' })
      await rest('bob', 'POST', `/task/${id}/resolve`, {})
      await complete('alice', id)
      await taskEnd(id)
    },
  },
  'assigned-from-birth': {
    model: null,
    scenario: 'A task is created with an assignee, an owner, a due and a follow-up date; all are taken away again; a subtask of it is completed, and it is deleted.',
    async run({ rest, complete, taskEnd }) {
      const id = `standalone-${randomUUID()}`
      const child = `standalone-${randomUUID()}`
      const dates = { due: '2030-01-02T03:04:05.678+0000', followUp: '2029-12-31T00:00:00.000+0000' }
      await rest('alice', 'POST', '/task/create', { id, name: 'Plan', assignee: 'bob', owner: 'alice', ...dates })
      await rest('alice', 'PUT', `/task/${id}`, { name: 'Plan it', priority: 50 })
      await rest('bob', 'POST', '/task/create', { id: child, name: 'Plan a part', parentTaskId: id, assignee: 'bob' })
      await complete('bob', child)
      await rest('alice', 'DELETE', `/task/${id}`)
      await taskEnd(id)
    },
  },
  candidates: {
    model: 'parallel-tasks',
    levels: ['full', 'audit', 'activity'],
    scenario: 'To the candidates of a task people and a group are added, and removed again, one of them from the model; the instance is deleted.',
    async run({ rest, deploy, start, openTask, remove }) {
      await deploy('parallel-tasks', parallelTasks)
      const id = await start('alice', 'parallel-tasks')
      const task = await openTask(id, 'one')
      const link = (who, path = '') => rest('alice', 'POST', `/task/${task}/identity-links${path}`, { ...who, type: 'candidate' })
      await link({ userId: 'bob' })
      await link({ groupId: 'leads' })
      await link({ userId: 'bob' }, '/delete')
      await link({ groupId: 'developers' }, '/delete')
      await remove(id)
    },
  },
  'parallel-tasks': {
    model: 'parallel-tasks',
    scenario: 'Of three tasks side by side one is completed, and then the one whose end ends all: the third one is cancelled.',
    async run({ deploy, start, openTask, complete, instanceEnd }) {
      await deploy('parallel-tasks', parallelTasks)
      const id = await start('alice', 'parallel-tasks')
      await complete('alice', await openTask(id, 'one'))
      await complete('bob', await openTask(id, 'stop'))
      await instanceEnd(id)
    },
  },
  'multi-instance': {
    model: 'votes',
    levels: ['full', 'activity'],
    scenario: 'Three people have a task each from the beginning (assignees of the model); each completes it.',
    async run({ rest, deploy, start, complete, instanceEnd }) {
      await deploy('votes', votes)
      const id = await start('alice', 'votes')
      for (const { id: task } of await rest('gateway', 'GET', `/task?processInstanceId=${id}&sortBy=assignee&sortOrder=asc`))
        await complete('alice', task)
      await instanceEnd(id)
    },
  },
  approvals: {
    model: 'approvals',
    scenario: 'Three approvals are asked at once: alice approves one, bob rejects another one with a reason, and that ends the third one.',
    async run({ deploy, start, openTasks, claim, complete, instanceEnd }) {
      await deploy('approvals', approvals)
      const id = await start('alice', 'approvals')
      const [first, second] = await openTasks(id)
      await claim('alice', first)
      await complete('alice', first, { approved: { value: true, type: 'Boolean' }, approvalReason: { value: null, type: 'Null' } })
      await claim('bob', second)
      await complete('bob', second, { approved: { value: false, type: 'Boolean' }, approvalReason: text('Too soon.') })
      await instanceEnd(id)
    },
  },
  deadlines: {
    model: 'deadlines',
    scenario:
      'A task of the starter has a reminder (a timer that does not interrupt) and a deadline (one that does): it is reminded of, then taken away; what follows is completed.',
    async run({ rest, deploy, start, openTask, complete, instanceEnd }) {
      await deploy('deadlines', deadlines)
      const id = await start('alice', 'deadlines')
      await openTask(id, 'answer')
      const fire = async (activityId) => {
        const [job] = await rest('gateway', 'GET', `/job?processInstanceId=${id}&activityId=${activityId}`)
        await rest('gateway', 'POST', `/job/${job.id}/execute`)
      }
      await fire('remind')
      await complete('bob', await openTask(id, 'remember'))
      await fire('give-up')
      await complete('bob', await openTask(id, 'escalate'))
      await instanceEnd(id)
    },
  },
  errors: {
    model: 'errors',
    scenario: 'A subprocess ends with an error while a second task of it is open: that one is cancelled, and the error caught.',
    async run({ deploy, start, openTask, complete, instanceEnd }) {
      await deploy('errors', errors)
      const id = await start('alice', 'errors')
      await complete('alice', await openTask(id, 'try-it'))
      await complete('alice', await openTask(id, 'mend-it'))
      await instanceEnd(id)
    },
  },
  'rolled-back': {
    model: 'failing',
    scenario: 'alice completes a task, which is rolled back as what follows fails; bob sets what was missing, and completes it.',
    async run({ call, rest, deploy, start, openTask, claim, complete, instanceEnd }) {
      await deploy('failing', failing)
      const id = await start('alice', 'failing')
      const task = await openTask(id, 'check')
      const { ok } = await call('alice', 'POST', `/task/${task}/complete`, { variables: { amount: { value: 1, type: 'Integer' } } })
      if (ok) throw new Error('the completion should have failed')
      await claim('bob', task)
      await complete('bob', task, { price: text('9') })
      await instanceEnd(id)
    },
  },
  'optimistic-locking': {
    model: 'crowd',
    scenario: 'Six tasks of a multi-instance are completed at the same moment until all are: some are rolled back, since another one was quicker.',
    async run({ call, deploy, start, openTask, openTasks, instanceEnd }) {
      await deploy('crowd', crowd)
      let lost = 0
      for (let round = 0; lost === 0; round++) {
        if (round === 20) throw new Error('nobody lost in 20 rounds')
        const id = await start('alice', 'crowd', { businessKey: `execution-crowd-${round}` })
        await openTask(id, 'vote')
        for (let open = await openTasks(id); open.length > 0; open = await openTasks(id)) {
          const answers = await Promise.all(open.map((task) => call('alice', 'POST', `/task/${task}/complete`, {})))
          lost += answers.filter(({ ok }) => !ok).length
        }
        await instanceEnd(id)
      }
    },
  },
}
