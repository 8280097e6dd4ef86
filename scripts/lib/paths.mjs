import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** What scripts remember between runs: stamps of builds, reports, staged packages. Safe to delete. */
export const CACHE = path.join(ROOT, '.cache');

/** A path from the root. */
export const at = (...parts) => path.join(ROOT, ...parts);

/** A command that the installation brought. */
export const bin = (name) => at('node_modules/.bin', name);

/** The built web app. */
export const APP_DIR = at('apps/workstream/dist');

/** The demo engines with the plugin in them. */
export const ENGINE_JARS = {
  camunda: at('engine-plugin/demo/target/netbuild-demo-engine.jar'),
  operaton: at('engine-plugin/demo-operaton/target/netbuild-demo-engine-operaton.jar'),
};

/** Engines with and without the plugin in one process, for what it costs. */
export const BENCH_ENGINE_JAR = at('engine-plugin/bench/target/netbuild-bench-engine.jar');

/** What speaks MongoDB's protocol in the tests. */
export const MONGODB_JAR = at('test/support/mongodb/target/netbuild-test-mongodb.jar');
