import { makeOnce } from './fingerprint.mjs';
import { APP_DIR, BENCH_ENGINE_JAR, ENGINE_JARS, MONGODB_JAR } from './paths.mjs';
import { run } from './processes.mjs';
import { step } from './step.mjs';

const APP_SOURCES = [
  'apps/workstream',
  'packages/protocol',
  'packages/client',
  'packages/react',
  'package-lock.json',
];

const MONGODB = 'test/support/mongodb';

/** Builds the web app, where its sources have changed. */
export function buildApp() {
  return makeOnce('app', APP_DIR, APP_SOURCES, () =>
    step('Building the web app', () => run('npm', ['run', 'build', '--silent', '-w', 'apps/workstream'])),
  );
}

/** The modules that the demo engines are made of, beside those that Maven finds they need. */
const MODULES = { camunda: 'demo', operaton: 'demo-operaton' };

/**
 * Packages a demo engine with the plugin in it, where its sources have changed.
 * @param {keyof typeof ENGINE_JARS} [engine]
 */
export function buildEngine(engine = 'camunda') {
  return packageOnce(
    `engine-${engine}`,
    ENGINE_JARS[engine],
    MODULES[engine],
    `Building the engine ${engine} with its plugin (the first time, Maven downloads what it needs)`,
  );
}

/** Packages the engines of the measurement of what the plugin costs, where their sources have changed. */
export function buildBenchEngine() {
  return packageOnce('bench-engine', BENCH_ENGINE_JAR, 'bench', 'Building the engines of the measurement');
}

/** Packages the server that speaks MongoDB's protocol in the tests, where its sources have changed. */
export function buildMongodb() {
  return makeOnce('mongodb', MONGODB_JAR, [MONGODB], () =>
    step('Building the MongoDB server of the tests (the first time, Maven downloads what it needs)', () =>
      run('mvn', ['-q', '-B', '-f', `${MONGODB}/pom.xml`, 'package']),
    ),
  );
}

function packageOnce(name, jar, module, what) {
  const args = ['-q', '-B', '-f', 'engine-plugin/pom.xml', 'package', '-DskipTests', '-pl', module, '-am'];
  return makeOnce(name, jar, ['engine-plugin'], () => step(what, () => run('mvn', args)));
}
