/**
 * What scenarios do, and wait for, in an engine.
 *
 * @param base the engine's REST API
 * @param gateway where its plugin posts
 */
export function createWorld({ base, password, gateway }) {
  const authorization = (user) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

  async function call(user, method, path, body) {
    const isForm = body instanceof FormData
    const response = await fetch(base + path, {
      method,
      headers: {
        authorization: authorization(user),
        ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined || isForm ? body : JSON.stringify(body),
    })
    return { status: response.status, ok: response.ok, text: await response.text() }
  }

  async function rest(user, method, path, body) {
    const { ok, status, text } = await call(user, method, path, body)
    if (!ok) throw new Error(`${method} ${path}: ${status} ${text}`)
    return text ? JSON.parse(text) : undefined
  }

  const { posted } = gateway
  const instanceEnd = (id) => posted(`the end of ${id}`, (e) => e.kind === 'process' && e.event === 'end' && e.id === id)
  const taskEnd = (id) => posted(`the end of task ${id}`, (e) => e.kind === 'task' && e.event === 'complete' && e.id === id)

  return {
    call,
    rest,
    posted,
    instanceEnd,
    taskEnd,

    async deploy(name, xml, tenant) {
      const form = new FormData()
      form.append('deployment-name', name)
      if (tenant) form.append('tenant-id', tenant)
      form.append(`${name}.bpmn`, new Blob([xml]), `${name}.bpmn`)
      await rest('gateway', 'POST', '/deployment/create', form)
    },

    async start(user, key, { businessKey = `execution-${key}`, variables = {}, ...more } = {}, tenant) {
      const path = `/process-definition/key/${key}${tenant ? `/tenant-id/${tenant}` : ''}/start`
      const { id } = await rest(user, 'POST', path, { ...(businessKey && { businessKey }), variables, ...more })
      return id
    },

    /** The open task of that name, once it has been posted. */
    async openTask(processInstanceId, taskDefinitionKey) {
      const path = `/task?processInstanceId=${processInstanceId}&taskDefinitionKey=${taskDefinitionKey}`
      await posted(`${taskDefinitionKey} of ${processInstanceId}`, (e) =>
        e.kind === 'task' && e.event === 'create' && e.processInstanceId === processInstanceId && e.taskDefinitionKey === taskDefinitionKey)
      const [task] = await rest('gateway', 'GET', path)
      return task.id
    },

    openTasks: async (processInstanceId) => {
      const tasks = await rest('gateway', 'GET', `/task?processInstanceId=${processInstanceId}&sortBy=name&sortOrder=asc`)
      return tasks.map(({ id }) => id)
    },

    complete: (user, task, variables = {}) => rest(user, 'POST', `/task/${task}/complete`, { variables }),
    claim: (user, task) => rest(user, 'POST', `/task/${task}/claim`, { userId: user }),

    /** Does at once what the engine would do when its timer, or its turn, has come. */
    async execute(processInstanceId) {
      const [job] = await rest('gateway', 'GET', `/job?processInstanceId=${processInstanceId}`)
      await rest('gateway', 'POST', `/job/${job.id}/execute`)
    },

    /** Waits until no job of the instance has a try left; at every level of history. */
    async jobWithoutRetries(processInstanceId) {
      for (let tries = 0; tries < 300; tries++) {
        const [job] = await rest('gateway', 'GET', `/job?processInstanceId=${processInstanceId}&noRetriesLeft=true`)
        if (job) return job.id
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      throw new Error(`no job of ${processInstanceId} ran out of retries within 30 s`)
    },

    /**
     * Does what is the work of another program: ends an external task of the instance, once it is there.
     *
     * @param how the end of the REST path: `complete`, `bpmnError`, `failure`
     */
    async work(processInstanceId, topicName, how, more = {}) {
      const worker = { workerId: 'record' }
      const topics = [{ topicName, processInstanceId, lockDuration: 30_000 }]
      for (let tries = 0; tries < 300; tries++) {
        const [task] = await rest('gateway', 'POST', '/external-task/fetchAndLock', { ...worker, maxTasks: 1, topics })
        if (task) return rest('gateway', 'POST', `/external-task/${task.id}/${how}`, { ...worker, ...more })
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      throw new Error(`no external task of ${processInstanceId} within 30 s`)
    },

    /** Has the instance go on that waits for this message. */
    correlate: (messageName, processInstanceId) => rest('gateway', 'POST', '/message', { messageName, processInstanceId }),

    async remove(processInstanceId) {
      await rest('gateway', 'DELETE', `/process-instance/${processInstanceId}`)
      await instanceEnd(processInstanceId)
    },
  }
}

/** Variables as the REST API takes them. */
export const text = (value) => ({ value, type: 'String' })
