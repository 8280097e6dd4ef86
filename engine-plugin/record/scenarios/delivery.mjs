import { text } from '../world.mjs'

const delivery = (world, serviceName) =>
  world.start('alice', 'microservice-delivery', {
    businessKey: `execution-${serviceName.value}`,
    variables: { serviceName },
  })

const generate = (world, id, serviceName) =>
  world.work(id, 'generate-service', 'complete', { variables: { artifact: text(`${serviceName}-1.0.0.jar`) } })
const pay = (world, id) => world.correlate('payment-confirmed', id)

/** The demo's own model: an agent, an approval, a payment, a deployment. */
export const deliveries = {
  'happy-path': {
    model: 'microservice-delivery',
    levels: ['full', 'audit', 'activity'],
    scenario:
      'alice starts a delivery, claims the review, gives it to bob, who completes it; the agent generates; bob takes the approval, gives it back, takes it again and completes it; it is paid; the service is deployed.',
    async run(world) {
      const { rest, openTask, claim, complete, instanceEnd } = world
      const id = await delivery(world, text('billing'))
      const review = await openTask(id, 'review-requirements')
      await claim('alice', review)
      await rest('alice', 'POST', `/task/${review}/assignee`, { userId: 'bob' })
      await complete('bob', review)
      await generate(world, id, 'billing')
      const approval = await openTask(id, 'approve-release')
      await claim('bob', approval)
      await rest('bob', 'POST', `/task/${approval}/unclaim`)
      await claim('bob', approval)
      await complete('bob', approval)
      await pay(world, id)
      await instanceEnd(id)
    },
  },
  'error-path': {
    model: 'microservice-delivery',
    scenario:
      'The generation fails with a BPMN error; alice repairs the code; bob does not approve; alice repairs it again, with a changed task (name, priority, due date); bob approves; it is paid; the service is deployed.',
    async run(world) {
      const { rest, openTask, claim, complete, instanceEnd } = world
      const id = await delivery(world, text('failing-ledger'))
      await complete('alice', await openTask(id, 'review-requirements'))
      await world.work(id, 'generate-service', 'bpmnError', {
        errorCode: 'generation-failed', errorMessage: 'The generated code does not compile.',
      })
      const first = await openTask(id, 'repair-code')
      await claim('alice', first)
      await complete('alice', first)
      const firstApproval = await openTask(id, 'approve-release')
      await complete('bob', firstApproval, { approved: { value: false, type: 'Boolean' } })
      const [second] = await rest('gateway', 'GET', `/task?processInstanceId=${id}`)
      const { name, description, owner, assignee, delegationState, followUp, parentTaskId, caseInstanceId, tenantId } = second
      await rest('alice', 'PUT', `/task/${second.id}`, {
        name: `${name}, again`, description, owner, assignee, delegationState, followUp, parentTaskId, caseInstanceId, tenantId,
        due: '2030-01-02T03:04:05.678+0000', priority: 80,
      })
      await complete('alice', second.id)
      const [approval] = await rest('gateway', 'GET', `/task?processInstanceId=${id}`)
      await complete('bob', approval.id, { approved: { value: true, type: 'Boolean' } })
      await pay(world, id)
      await instanceEnd(id)
    },
  },
  'failed-job': {
    model: 'microservice-delivery',
    levels: ['full', 'audit', 'activity'],
    scenario:
      'The deployment fails until its job has no retries left (an incident); the service gets another name, the retries are set to 1 (the incident is resolved) and it is deployed.',
    async run(world) {
      const { rest, openTask, complete, instanceEnd, jobWithoutRetries } = world
      const id = await delivery(world, text('undeployable-search'))
      await complete('alice', await openTask(id, 'review-requirements'))
      await generate(world, id, 'undeployable-search')
      await complete('bob', await openTask(id, 'approve-release'))
      await pay(world, id)
      const job = await jobWithoutRetries(id)
      await rest('bob', 'PUT', `/process-instance/${id}/variables/serviceName`, text('search'))
      await rest('bob', 'PUT', `/job/${job}/retries`, { retries: 1 })
      await instanceEnd(id)
    },
  },
  'failed-external-task': {
    model: 'microservice-delivery',
    scenario: 'The agent fails three times at a name that is no text (an incident); the instance is deleted with its open incident.',
    async run(world) {
      const { openTask, complete, posted, remove } = world
      const id = await delivery(world, { value: 42, type: 'Integer' })
      await complete('alice', await openTask(id, 'review-requirements'))
      for (const retries of [2, 1, 0])
        await world.work(id, 'generate-service', 'failure', {
          errorMessage: 'serviceName must be text, but is Integer.', retries, retryTimeout: 0,
        })
      await posted('the incident', (e) => e.kind === 'incident' && e.event === 'create' && e.processInstanceId === id)
      await remove(id)
    },
  },
}
