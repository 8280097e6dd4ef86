// Records what the plugin really posts, as JSON files for the tests of the TypeScript mapping.
//
//   mvn -q -B -f engine-plugin/pom.xml package -DskipTests
//   node engine-plugin/record.mjs [folder [scenario …]]        default: packages/engine/test/recordings, all of them
//
// It starts the demo engine on a fresh folder, plays the gateway, and walks a few scenarios over the engine's REST API.

import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const [into, ...wanted] = process.argv.slice(2)
const folder = into ?? join(here, '../packages/engine/test/recordings')
const jar = join(here, 'demo/target/netbuild-demo-engine.jar')
const password = randomUUID()
const publishKey = randomUUID()

// --- the gateway -----------------------------------------------------------------------------------------------------

let posts = []
const watchers = new Set()

const gateway = createServer(async (request, response) => {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  if (request.headers.authorization !== `Bearer ${publishKey}` || request.url !== '/v1/engine') {
    response.writeHead(401).end()
    return
  }
  const post = JSON.parse(text)
  // What brings nothing only asks where the log stands.
  if (post.commands.length > 0) posts.push(post)
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ epoch: 'recording', seq: posts.length, settle: 0 }))
  for (const look of watchers) look()
})

const eventsSoFar = () => posts.flatMap((post) => post.commands.flatMap((command) => command.events))

/** Waits until an event that fits has been posted. */
function posted(what, fits) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not posted within 30 s: ${what}`)), 30_000)
    const look = () => {
      const event = eventsSoFar().find(fits)
      if (!event) return
      clearTimeout(timer)
      watchers.delete(look)
      resolve(event)
    }
    watchers.add(look)
    look()
  })
}

const processEnd = (id) => posted(`the end of ${id}`, (e) => e.kind === 'process' && e.event === 'end' && e.id === id)

// --- the engine ------------------------------------------------------------------------------------------------------

let base

function startEngine(dataDir) {
  const engine = spawn('java', ['-jar', jar], {
    env: {
      ...process.env,
      PORT: '0',
      ENGINE_DATA_DIR: dataDir,
      GATEWAY_URL: `http://127.0.0.1:${gateway.address().port}`,
      PUBLISH_KEY: publishKey,
      CAMUNDA_USER: 'gateway',
      CAMUNDA_PASSWORD: password,
      DEMO_PASSWORD: password,
      AGENT_WORK_MS: '300',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return new Promise((resolve, reject) => {
    let out = ''
    engine.once('exit', (code) => reject(new Error(`the engine ended with ${code}`)))
    engine.stdout.setEncoding('utf8').on('data', (chunk) => {
      out += chunk
      base = /engine ready on (\S+)/.exec(out)?.[1]
      if (base) resolve(engine)
    })
  })
}

async function rest(user, method, path, body) {
  const response = await fetch(base + path, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return text ? JSON.parse(text) : undefined
}

const text = (value) => ({ value, type: 'String' })

async function start(user, key, serviceName) {
  const variables = serviceName === undefined ? {} : { serviceName: typeof serviceName === 'string' ? text(serviceName) : serviceName }
  const instance = await rest(user, 'POST', `/process-definition/key/${key}/start`, {
    businessKey: `execution-${serviceName?.value ?? serviceName ?? key}`,
    variables,
  })
  return instance.id
}

/** The open task of that name, once it has been posted. The name is enough: an instance is at one task at a time. */
async function openTask(processInstanceId, taskDefinitionKey) {
  await posted(`${taskDefinitionKey} of ${processInstanceId}`, (e) =>
    e.kind === 'task' && e.event === 'create' && e.processInstanceId === processInstanceId && e.taskDefinitionKey === taskDefinitionKey)
  const [task] = await rest('gateway', 'GET', `/task?processInstanceId=${processInstanceId}&taskDefinitionKey=${taskDefinitionKey}`)
  return task.id
}

const complete = (user, task, variables = {}) => rest(user, 'POST', `/task/${task}/complete`, { variables })
const claim = (user, task) => rest(user, 'POST', `/task/${task}/claim`, { userId: user })

async function remove(processInstanceId) {
  await rest('gateway', 'DELETE', `/process-instance/${processInstanceId}`)
  await processEnd(processInstanceId)
}

/** A process that calls quick-check twice, in turn: three instances under one root. */
const calling = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="recording">
  <process id="checked-twice" name="Checked twice" isExecutable="true" camunda:historyTimeToLive="P1D">
    <startEvent id="requested" />
    <sequenceFlow id="f1" sourceRef="requested" targetRef="check-it" />
    <callActivity id="check-it" name="Check it" calledElement="quick-check">
      <multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>
    </callActivity>
    <sequenceFlow id="f2" sourceRef="check-it" targetRef="done" />
    <endEvent id="done" />
  </process>
</definitions>`

/** An instance that starts without a business key, has two tasks and a called instance open, and then gets a key. */
const linking = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="recording">
  <process id="linked-late" name="Linked late" isExecutable="true" camunda:historyTimeToLive="P1D">
    <startEvent id="requested" />
    <sequenceFlow id="f1" sourceRef="requested" targetRef="fork" />
    <parallelGateway id="fork" />
    <sequenceFlow id="f2" sourceRef="fork" targetRef="look" />
    <userTask id="look" name="Look at it" camunda:candidateGroups="developers" />
    <sequenceFlow id="f3" sourceRef="look" targetRef="join" />
    <sequenceFlow id="f4" sourceRef="fork" targetRef="call" />
    <callActivity id="call" name="Check it" calledElement="quick-check" />
    <sequenceFlow id="f5" sourceRef="call" targetRef="join" />
    <sequenceFlow id="f6" sourceRef="fork" targetRef="name-it" />
    <userTask id="name-it" name="Name the execution" camunda:candidateGroups="developers" />
    <sequenceFlow id="f7" sourceRef="name-it" targetRef="link" />
    <serviceTask id="link" name="Link it" camunda:expression="\${execution.setProcessBusinessKey(key)}" />
    <sequenceFlow id="f8" sourceRef="link" targetRef="go-on" />
    <userTask id="go-on" name="Go on" camunda:candidateGroups="developers" />
    <sequenceFlow id="f9" sourceRef="go-on" targetRef="join" />
    <parallelGateway id="join" />
    <sequenceFlow id="f10" sourceRef="join" targetRef="done" />
    <endEvent id="done" />
  </process>
</definitions>`

async function deploy(name, xml) {
  const form = new FormData()
  form.append('deployment-name', name)
  form.append(`${name}.bpmn`, new Blob([xml]), `${name}.bpmn`)
  const authorization = `Basic ${Buffer.from(`gateway:${password}`).toString('base64')}`
  const response = await fetch(`${base}/deployment/create`, { method: 'POST', headers: { authorization }, body: form })
  if (!response.ok) throw new Error(`deployment: ${response.status} ${await response.text()}`)
}

// --- the scenarios ---------------------------------------------------------------------------------------------------

const scenarios = {
  'happy-path': {
    model: 'microservice-delivery',
    scenario:
      'alice starts a delivery, claims the review, gives it to bob, who completes it; the agent generates; bob takes the approval, gives it back, takes it again and completes it; the service is deployed.',
    async run() {
      const id = await start('alice', 'microservice-delivery', 'billing')
      const review = await openTask(id, 'review-requirements')
      await claim('alice', review)
      await rest('alice', 'POST', `/task/${review}/assignee`, { userId: 'bob' })
      await complete('bob', review)
      const approval = await openTask(id, 'approve-release')
      await claim('bob', approval)
      await rest('bob', 'POST', `/task/${approval}/unclaim`)
      await claim('bob', approval)
      await complete('bob', approval)
      await processEnd(id)
    },
  },
  'error-path': {
    model: 'microservice-delivery',
    scenario:
      'The generation fails with a BPMN error; alice repairs the code; bob does not approve; alice repairs it again, with a changed task (name, priority, due date); bob approves; the service is deployed.',
    async run() {
      const id = await start('alice', 'microservice-delivery', 'failing-ledger')
      await complete('alice', await openTask(id, 'review-requirements'))
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
      await processEnd(id)
    },
  },
  deletion: {
    model: 'quick-check',
    scenario: 'An instance with a claimed task is deleted over REST, with a reason.',
    async run() {
      const id = await start('alice', 'quick-check')
      await claim('alice', await openTask(id, 'check'))
      await rest('bob', 'POST', '/process-instance/delete', { processInstanceIds: [id], deleteReason: 'ordered twice', skipCustomListeners: true })
      await processEnd(id)
    },
  },
  'suspend-activate': {
    model: 'quick-check',
    scenario: 'An instance is suspended, activated, and completed.',
    async run() {
      const id = await start('alice', 'quick-check')
      const task = await openTask(id, 'check')
      const state = (suspended) => rest('bob', 'PUT', `/process-instance/${id}/suspended`, { suspended })
      await state(true)
      await state(false)
      await complete('alice', task)
      await processEnd(id)
    },
  },
  'failed-job': {
    model: 'microservice-delivery',
    scenario:
      'The deployment fails until its job has no retries left (an incident); the service gets another name, the retries are set to 1 (the incident is resolved) and it is deployed.',
    async run() {
      const id = await start('alice', 'microservice-delivery', 'undeployable-search')
      await complete('alice', await openTask(id, 'review-requirements'))
      await complete('bob', await openTask(id, 'approve-release'))
      await posted('the incident', (e) => e.kind === 'incident' && e.event === 'create' && e.processInstanceId === id)
      await rest('bob', 'PUT', `/process-instance/${id}/variables/serviceName`, text('search'))
      const [job] = await rest('bob', 'GET', `/job?processInstanceId=${id}`)
      await rest('bob', 'PUT', `/job/${job.id}/retries`, { retries: 1 })
      await processEnd(id)
    },
  },
  'failed-external-task': {
    model: 'microservice-delivery',
    scenario: 'The agent fails three times at a name that is no text (an incident); the instance is deleted with its open incident.',
    async run() {
      const id = await start('alice', 'microservice-delivery', { value: 42, type: 'Integer' })
      await complete('alice', await openTask(id, 'review-requirements'))
      await posted('the incident', (e) => e.kind === 'incident' && e.event === 'create' && e.processInstanceId === id)
      await remove(id)
    },
  },
  'called-instances': {
    model: 'checked-twice',
    scenario: 'An instance with a business key calls quick-check twice, one after the other (a sequential multi-instance call activity).',
    async run() {
      await deploy('checked-twice', calling)
      const id = await start('alice', 'checked-twice')
      for (let round = 0; round < 2; round++) {
        const [called] = await rest('gateway', 'GET', `/process-instance?superProcessInstance=${id}`)
        await complete('alice', await openTask(called.id, 'check'))
      }
      await processEnd(id)
    },
  },
  'late-link': {
    model: 'linked-late',
    scenario:
      'An instance starts without a business key, with two tasks and a called instance; a service task sets the key; what was open is completed.',
    async run() {
      await deploy('linked-late', linking)
      const { id } = await rest('alice', 'POST', '/process-definition/key/linked-late/start', { variables: {} })
      const [called] = await rest('gateway', 'GET', `/process-instance?superProcessInstance=${id}`)
      await complete('alice', await openTask(id, 'name-it'), { key: text('execution-late') })
      await complete('alice', await openTask(id, 'look'))
      await complete('alice', await openTask(called.id, 'check'))
      await complete('alice', await openTask(id, 'go-on'))
      await processEnd(id)
    },
  },
  'standalone-task': {
    model: null,
    scenario: 'A task without a process is created, gets a candidate user, is delegated and resolved, and completed.',
    async run() {
      const id = `standalone-${randomUUID()}`
      await rest('alice', 'POST', '/task/create', { id, name: 'Call the customer', description: 'Says "hello",\nand 😀', priority: 60 })
      await rest('alice', 'POST', `/task/${id}/identity-links`, { userId: 'bob', type: 'candidate' })
      await claim('alice', id)
      await rest('alice', 'POST', `/task/${id}/delegate`, { userId: 'bob' })
      await rest('bob', 'POST', `/task/${id}/resolve`, {})
      await complete('alice', id)
      await posted('the end of the task', (e) => e.kind === 'task' && e.event === 'complete' && e.id === id)
    },
  },
}

const dataDir = await mkdtemp(join(tmpdir(), 'netbuild-record-'))
await new Promise((resolve) => gateway.listen(0, '127.0.0.1', resolve))
let engine
try {
  engine = await startEngine(dataDir)
  await mkdir(folder, { recursive: true })
  for (const [name, { model, scenario, run }] of Object.entries(scenarios)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    posts = []
    await run()
    const recording = { engine: 'camunda 7.24.0', historyLevel: 'full', model, scenario, posts }
    await writeFile(join(folder, `${name}.json`), `${JSON.stringify(recording, null, 2)}\n`)
    console.log(`${name}: ${posts.length} posts, ${eventsSoFar().length} events`)
  }
} finally {
  if (engine) {
    engine.removeAllListeners('exit')
    const ended = new Promise((resolve) => engine.once('exit', resolve))
    engine.kill('SIGTERM')
    await ended
  }
  gateway.closeAllConnections()
  gateway.close()
  await rm(dataDir, { recursive: true, force: true })
}
