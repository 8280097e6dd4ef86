import { makeOnce } from './fingerprint.mjs';
import { APP_DIR, ENGINE_JARS } from './paths.mjs';
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

/** The modules that a demo engine is made of, beside those that Maven finds it needs. */
const MODULES = { camunda: 'demo', operaton: 'demo-operaton' };

/**
 * Packages a demo engine with the plugin in it, where its sources have changed.
 * @param {keyof typeof ENGINE_JARS} [engine]
 */
export function buildEngine(engine = 'camunda') {
  const args = [
    '-q',
    '-B',
    '-f',
    'engine-plugin/pom.xml',
    'package',
    '-DskipTests',
    '-pl',
    MODULES[engine],
    '-am',
  ];
  return makeOnce(`engine-${engine}`, ENGINE_JARS[engine], ['engine-plugin'], () =>
    step(
      `Building the engine ${engine} with its plugin (the first time, Maven downloads what it needs)`,
      () => run('mvn', args),
    ),
  );
}
