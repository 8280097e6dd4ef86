import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const file = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** The demo engines, and the file that each is. */
export const ENGINES = {
  camunda: file('demo/target/netbuild-demo-engine.jar'),
  operaton: file('demo-operaton/target/netbuild-demo-engine-operaton.jar'),
}

/** Variables that the plugin copies here: all that the scenarios set, but for `secret`. */
const VARIABLES = 'amount,customer,paid,due,nothing,order,checked,serviceName,approved,approvalReason,endpoint,price,input*'

/**
 * Starts a demo engine on a fresh folder.
 *
 * @param jar one of {@link ENGINES}, or another build
 * @param to the gateway's `url`, its `publishKey`, and the `level` of the engine's history
 */
export async function startEngine(jar, { url, publishKey, password, level }) {
  const dataDir = await mkdtemp(join(tmpdir(), 'netbuild-record-'))
  const engine = spawn('java', ['-jar', jar], {
    env: {
      ...process.env,
      PORT: '0',
      ENGINE_DATA_DIR: dataDir,
      GATEWAY_URL: url,
      PUBLISH_KEY: publishKey,
      CAMUNDA_USER: 'gateway',
      CAMUNDA_PASSWORD: password,
      DEMO_PASSWORD: password,
      CAMUNDA_BPM_HISTORYLEVEL: level,
      OPERATON_BPM_HISTORYLEVEL: level,
      NETBUILD_REALTIME_VARIABLES: VARIABLES,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const base = await new Promise((resolve, reject) => {
    let out = ''
    engine.once('error', reject)
    engine.once('exit', (code) => reject(new Error(`the engine ended with ${code}`)))
    engine.stdout.setEncoding('utf8').on('data', (chunk) => {
      out += chunk
      const ready = /engine ready on (\S+)/.exec(out)?.[1]
      if (ready) resolve(ready)
    })
  })
  return {
    base,
    async stop() {
      const ended = new Promise((resolve) => engine.once('exit', resolve))
      engine.kill('SIGTERM')
      await ended
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
