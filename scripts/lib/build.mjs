import { makeOnce } from './fingerprint.mjs';
import { APP_DIR, BENCH_ENGINE_JAR, ENGINE_JAR } from './paths.mjs';
import { run } from './processes.mjs';
import { step } from './step.mjs';

const APP_SOURCES = [
  'apps/workstream',
  'packages/protocol',
  'packages/client',
  'packages/react',
  'package-lock.json',
];

/** Builds the web app, where its sources have changed. */
export function buildApp() {
  return makeOnce('app', APP_DIR, APP_SOURCES, () =>
    step('Building the web app', () => run('npm', ['run', 'build', '--silent', '-w', 'apps/workstream'])),
  );
}

/** Packages the demo engine with the plugin in it, where its sources have changed. */
export function buildEngine() {
  return makeOnce('engine', ENGINE_JAR, ['engine-plugin'], () =>
    step('Building the engine with its plugin (the first time, Maven downloads what it needs)', () =>
      run('mvn', ['-q', '-B', '-f', 'engine-plugin/pom.xml', 'package', '-DskipTests']),
    ),
  );
}

/** Packages the engines of the measurement of what the plugin costs, where their sources have changed. */
export function buildBenchEngine() {
  return makeOnce('bench-engine', BENCH_ENGINE_JAR, ['engine-plugin'], () =>
    step('Building the engines of the measurement', () =>
      run('mvn', [
        '-q',
        '-B',
        '-f',
        'engine-plugin/pom.xml',
        'package',
        '-DskipTests',
        '-pl',
        'bench',
        '-am',
      ]),
    ),
  );
}
