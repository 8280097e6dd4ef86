import { writeFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

/**
 * Leaves what a run of vitest came to as JSON in the file that `VITEST_COUNT` names: `{passed, failed, skipped, failures}`.
 *
 * A file that can't be loaded, a hook that fails and an error that no test waited for count as one each: vitest's own
 * JSON has no word of the last two.
 */
export default class CountReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const count = { passed: 0, failed: 0, skipped: 0, failures: [] };
    const fail = (name, errors) => {
      count.failed++;
      count.failures.push([name, ...errors.map(beginningOf)].join('\n'));
    };
    for (const module of modules) {
      if (module.errors().length > 0) fail(module.relativeModuleId, module.errors());
      for (const suite of module.children.allSuites())
        if (suite.errors().length > 0) fail(nameOf(suite), suite.errors());
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result();
        if (state === 'failed') fail(nameOf(test), errors);
        else count[state === 'passed' ? 'passed' : 'skipped']++;
      }
    }
    for (const error of unhandledErrors) fail('an error that no test waited for', [error]);
    writeFileSync(process.env.VITEST_COUNT, JSON.stringify(count));
  }
}

const nameOf = ({ project, module, fullName }) =>
  `${module.relativeModuleId} (${project.name}) > ${fullName}`;

/** The first lines, without those of others' code. */
function beginningOf({ name, message, stack, diff }) {
  const text = [`${name ?? 'Error'}: ${message}`, diff, stack?.split('\n    at ').slice(1).join('\n')]
    .filter(Boolean)
    .join('\n');
  return stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => !/node_modules\/|node:internal|new Promise/.test(line))
    .slice(0, 16)
    .map((line) => `  ${line}`)
    .join('\n');
}
