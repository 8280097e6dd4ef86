// Records what the plugin really posts, as JSON files for the tests of the TypeScript mapping.
//
//   mvn -q -B -f engine-plugin/pom.xml package -DskipTests
//   node engine-plugin/record.mjs [--engine camunda|operaton] [--level full|audit|activity|none] [--into FOLDER] [--jar FILE] [scenario …]
//
// Without options: all scenarios at all levels, into packages/engine/test/recordings (full), and its folders of the
// other levels and engines. It starts the demo engine on a fresh folder for each level, plays the gateway, and walks
// the scenarios over the engine's REST API.

import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ENGINES, startEngine } from './record/engine.mjs'
import { startGateway } from './record/gateway.mjs'
import { deliveries } from './record/scenarios/delivery.mjs'
import { instances } from './record/scenarios/instances.mjs'
import { tasks } from './record/scenarios/tasks.mjs'
import { createWorld } from './record/world.mjs'

const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string', default: 'camunda' },
    level: { type: 'string' },
    jar: { type: 'string' },
    into: { type: 'string', default: fileURLToPath(new URL('../packages/engine/test/recordings', import.meta.url)) },
  },
})
if (!(values.engine in ENGINES)) throw new Error(`There is no engine ${values.engine}; there is ${Object.keys(ENGINES).join(', ')}.`)

const scenarios = Object.entries({ ...deliveries, ...instances, ...tasks })

/** One event a line, so that what has changed can be seen. */
function formatted({ posts, ...about }) {
  const lines = (list, indent) => `[\n${list.map((one) => indent + one).join(',\n')}\n${indent.slice(1)}]`
  const command = ({ events, ...rest }) =>
    `${JSON.stringify(rest).slice(0, -1)},"events":${lines(events.map((event) => JSON.stringify(event)), '    ')}}`
  const post = ({ commands, ...rest }) =>
    `${JSON.stringify(rest).slice(0, -1)},"commands":${lines(commands.map(command), '   ')}}`
  return `${JSON.stringify(about, null, 1).slice(0, -2)},\n "posts": ${lines(posts.map(post), '  ')}\n}\n`
}

async function record(level) {
  const chosen = scenarios.filter(([name, { levels = ['full'] }]) =>
    levels.includes(level) && (wanted.length === 0 || wanted.includes(name)))
  if (chosen.length === 0) return
  const folder = join(values.into, ...(values.engine === 'camunda' ? [] : [values.engine]), ...(level === 'full' ? [] : [level]))
  await mkdir(folder, { recursive: true })
  const password = randomUUID()
  const publishKey = randomUUID()
  const gateway = await startGateway(publishKey)
  const engine = await startEngine(values.jar ?? ENGINES[values.engine], { url: gateway.url, publishKey, password, level })
  try {
    const world = createWorld({ base: engine.base, password, gateway })
    const { version } = await world.rest('gateway', 'GET', '/version')
    for (const [name, { model, scenario, run }] of chosen) {
      gateway.take()
      await run(world)
      const events = gateway.events().length
      const posts = gateway.take()
      const recording = { engine: `${values.engine} ${version}`, historyLevel: level, model, scenario, posts }
      await writeFile(join(folder, `${name}.json`), formatted(recording))
      console.log(`${level} ${name}: ${posts.length} posts, ${events} events`)
    }
  } finally {
    await engine.stop()
    gateway.close()
  }
}

for (const level of values.level ? [values.level] : ['full', 'audit', 'activity', 'none']) await record(level)
