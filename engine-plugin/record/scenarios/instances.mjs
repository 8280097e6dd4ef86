import { callsPricing, checkedTwice, linkedLate, messages, moving, pricing } from '../models.mjs'
import { text } from '../world.mjs'

const amount = { value: 3, type: 'Integer' }

/** What becomes of instances: called, linked, suspended, deleted, migrated, modified. */
export const instances = {
  deletion: {
    model: 'quick-check',
    levels: ['full', 'audit', 'activity'],
    scenario: 'An instance with a claimed task is deleted over REST, with a reason.',
    async run({ rest, start, openTask, claim, instanceEnd }) {
      const id = await start('alice', 'quick-check')
      await claim('alice', await openTask(id, 'check'))
      await rest('bob', 'POST', '/process-instance/delete', { processInstanceIds: [id], deleteReason: 'ordered twice', skipCustomListeners: true })
      await instanceEnd(id)
    },
  },
  'suspend-activate': {
    model: 'quick-check',
    levels: ['full', 'audit', 'activity'],
    scenario: 'An instance is suspended, activated, and completed.',
    async run({ rest, start, openTask, complete, instanceEnd }) {
      const id = await start('alice', 'quick-check')
      const task = await openTask(id, 'check')
      const state = (suspended) => rest('bob', 'PUT', `/process-instance/${id}/suspended`, { suspended })
      await state(true)
      await state(false)
      await complete('alice', task)
      await instanceEnd(id)
    },
  },
  'suspended-definition': {
    model: 'moving',
    scenario: 'A definition is suspended with its two instances, and activated with them; one goes on, the other one is deleted.',
    async run({ rest, deploy, start, openTask, complete, instanceEnd, remove }) {
      await deploy('moving', moving('Moving'))
      const ids = [await start('alice', 'moving'), await start('bob', 'moving', { businessKey: 'execution-moving-2' })]
      for (const suspended of [true, false])
        await rest('bob', 'PUT', '/process-definition/key/moving/suspended', { suspended, includeProcessInstances: true })
      await complete('alice', await openTask(ids[0], 'check'))
      await complete('alice', await openTask(ids[0], 'after'))
      await instanceEnd(ids[0])
      await remove(ids[1])
    },
  },
  'called-instances': {
    model: 'checked-twice',
    scenario: 'An instance with a business key calls quick-check twice, one after the other (a sequential multi-instance call activity).',
    async run({ rest, deploy, start, openTask, complete, instanceEnd }) {
      await deploy('checked-twice', checkedTwice)
      const id = await start('alice', 'checked-twice')
      for (let round = 0; round < 2; round++) {
        const [called] = await rest('gateway', 'GET', `/process-instance?superProcessInstance=${id}`)
        await complete('alice', await openTask(called.id, 'check'))
      }
      await instanceEnd(id)
    },
  },
  'called-incident': {
    model: 'calls-pricing',
    levels: ['full', 'audit', 'activity'],
    scenario: 'A called instance has a job that fails until a price is set: an incident in it, and one in its caller.',
    async run({ rest, deploy, start, jobWithoutRetries, instanceEnd }) {
      await deploy('pricing', pricing)
      await deploy('calls-pricing', callsPricing)
      const id = await start('alice', 'calls-pricing')
      const [called] = await rest('gateway', 'GET', `/process-instance?superProcessInstance=${id}`)
      const job = await jobWithoutRetries(called.id)
      await rest('bob', 'PUT', `/process-instance/${called.id}/variables/price`, { value: 9.5, type: 'Double' })
      await rest('bob', 'PUT', `/job/${job}/retries`, { retries: 1 })
      await instanceEnd(id)
    },
  },
  'incident-alone': {
    model: 'pricing',
    levels: ['full', 'audit', 'activity', 'none'],
    scenario: 'The job of an instance fails until it has no retries left (an incident), and the instance is deleted.',
    async run({ rest, deploy, start, posted }) {
      await deploy('pricing', pricing)
      const id = await start('alice', 'pricing')
      const incident = (event) => posted(`the incident's ${event}`, (e) => e.kind === 'incident' && e.event === event && e.processInstanceId === id)
      await incident('create')
      await rest('bob', 'DELETE', `/process-instance/${id}`)
      await incident('delete')
    },
  },
  'late-link': {
    model: 'linked-late',
    scenario:
      'An instance starts without a business key, with two tasks and a called instance; a service task sets the key; what was open is completed.',
    async run({ rest, deploy, start, openTask, complete, instanceEnd }) {
      await deploy('linked-late', linkedLate)
      const id = await start('alice', 'linked-late', { businessKey: null })
      const [called] = await rest('gateway', 'GET', `/process-instance?superProcessInstance=${id}`)
      await complete('alice', await openTask(id, 'name-it'), { key: text('execution-late') })
      await complete('alice', await openTask(id, 'look'))
      await complete('alice', await openTask(called.id, 'check'))
      await complete('alice', await openTask(id, 'go-on'))
      await instanceEnd(id)
    },
  },
  tenants: {
    model: 'moving',
    levels: ['full', 'activity'],
    scenario: 'Two tenants have the same process; bob works in one, alice in the other one.',
    async run({ rest, deploy, start, openTask, complete, remove }) {
      for (const tenant of ['acme', 'globex']) {
        await rest('gateway', 'POST', '/tenant/create', { id: tenant, name: tenant })
        for (const user of ['gateway', 'alice', 'bob']) await rest('gateway', 'PUT', `/tenant/${tenant}/user-members/${user}`)
        await deploy('moving', moving('Moving'), tenant)
      }
      const acme = await start('alice', 'moving', {}, 'acme')
      const globex = await start('bob', 'moving', {}, 'globex')
      await complete('alice', await openTask(acme, 'check'), { amount })
      await complete('bob', await openTask(globex, 'check'))
      await remove(acme)
      await remove(globex)
    },
  },
  messages: {
    model: 'messages',
    scenario:
      'A message starts an instance, another one goes to it; a job takes it to a task with an input of its own; the task is completed, and a job ends the instance.',
    async run({ rest, deploy, openTask, complete, instanceEnd }) {
      await deploy('messages', messages)
      const [{ processInstance }] = await rest('alice', 'POST', '/message', {
        messageName: 'order', businessKey: 'execution-message', processVariables: { amount }, resultEnabled: true,
      })
      await rest('bob', 'POST', '/message', { messageName: 'payment', businessKey: 'execution-message', processVariables: { paid: { value: true, type: 'Boolean' } } })
      await complete('alice', await openTask(processInstance.id, 'ship'))
      await instanceEnd(processInstance.id)
    },
  },
  migration: {
    model: 'moving',
    scenario: 'An instance with a claimed task is migrated to a new version of its process, and goes on there.',
    async run({ rest, deploy, start, openTask, claim, complete, instanceEnd }) {
      await deploy('moving', moving('Moving, first'))
      const id = await start('alice', 'moving', { variables: { amount } })
      const task = await openTask(id, 'check')
      await claim('alice', task)
      await deploy('moving', moving('Moving, second'))
      const versions = await rest('gateway', 'GET', '/process-definition?key=moving&withoutTenantId=true&sortBy=version&sortOrder=desc&maxResults=2&firstResult=0')
      const plan = await rest('bob', 'POST', '/migration/generate', {
        sourceProcessDefinitionId: versions[1].id, targetProcessDefinitionId: versions[0].id, updateEventTriggers: false,
      })
      await rest('bob', 'POST', '/migration/execute', { migrationPlan: plan, processInstanceIds: [id] })
      await complete('alice', task)
      await complete('alice', await openTask(id, 'after'))
      await instanceEnd(id)
    },
  },
  modification: {
    model: 'moving',
    scenario: 'An instance starts before its second task; it is taken back to the first one, and then deleted.',
    async run({ rest, deploy, start, openTask, remove }) {
      await deploy('moving', moving('Moving'))
      const id = await start('alice', 'moving', { startInstructions: [{ type: 'startBeforeActivity', activityId: 'after' }] })
      await openTask(id, 'after')
      await rest('bob', 'POST', `/process-instance/${id}/modification`, {
        instructions: [{ type: 'startBeforeActivity', activityId: 'check' }, { type: 'cancel', activityId: 'after' }],
      })
      await openTask(id, 'check')
      await remove(id)
    },
  },
  variables: {
    model: 'moving',
    levels: ['full', 'audit', 'activity'],
    scenario:
      'An instance starts with variables of all sorts; some are changed, removed and set anew; a task has one of its own. `secret` is not for the gateway.',
    async run({ rest, deploy, start, openTask, complete, instanceEnd }) {
      await deploy('moving', moving('Moving'))
      const id = await start('alice', 'moving', {
        variables: {
          amount,
          customer: text('ACME & "Söhne" 😀'),
          paid: { value: false, type: 'Boolean' },
          due: { value: '2030-01-02T03:04:05.678+0000', type: 'Date' },
          nothing: { value: null, type: 'Null' },
          order: { value: btoa('{"id":1}'), type: 'Bytes' },
          secret: text('not for screens'),
        },
      })
      const task = await openTask(id, 'check')
      await rest('bob', 'POST', `/process-instance/${id}/variables`, {
        modifications: { amount: { value: 4, type: 'Integer' }, paid: { value: true, type: 'Boolean' } }, deletions: ['customer'],
      })
      await rest('alice', 'PUT', `/task/${task}/localVariables/checked`, { value: true, type: 'Boolean' })
      await rest('alice', 'PUT', `/task/${task}/localVariables/checked`, { value: false, type: 'Boolean' })
      await complete('alice', task, { customer: text('Globex'), price: { value: 9.5, type: 'Double' } })
      const after = await openTask(id, 'after')
      await rest('alice', 'PUT', `/task/${after}/localVariables/checked`, { value: true, type: 'Boolean' })
      await rest('alice', 'DELETE', `/task/${after}/localVariables/checked`)
      await complete('alice', after)
      await instanceEnd(id)
    },
  },
}
