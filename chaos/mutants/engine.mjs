import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { at, ENGINE_JARS } from '../../scripts/lib/paths.mjs';
import { Problem } from '../../scripts/lib/problem.mjs';
import { run } from '../../scripts/lib/processes.mjs';
import { java } from '../../scripts/lib/requirements.mjs';

const SESSION = 'com/netbuild/realtime/engine/outbox/OutboxSession.java';
const MAIN = 'com.netbuild.realtime.demo.DemoEngineApplication';

/**
 * Mutants of the plugin: a class of which a copy is broken and stands before the right one on the class path. By
 * name, what of its text becomes what; text that is no longer there is an error, so that a mutant never heals unseen.
 */
const MUTANTS = {
  /** The outbox is written in a transaction of its own, a moment after the engine has committed. */
  'insert-after-commit': {
    file: SESSION,
    changes: [
      [
        /^ +insert\(command, (.*)\);$/m,
        `var rows = $1;
    commandContext.getTransactionContext().addTransactionListener(TransactionState.COMMITTED,
        context -> java.util.concurrent.CompletableFuture.runAsync(() -> {
          try {
            Thread.sleep(100);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          insert(command, rows);
        }).join());`,
      ],
      [
        'Connection connection = commandContext.getDbSqlSession().getSqlSession().getConnection();',
        'Connection connection = apart();',
      ],
      ['try (PreparedStatement insert', 'try (connection; PreparedStatement insert'],
      [
        /\}\s*$/,
        `
  private Connection apart() {
    try {
      return commandContext.getProcessEngineConfiguration().getDataSource().getConnection();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
`,
      ],
    ],
  },
};

/** Whether a mutant is one of the plugin, and not of the gateway. */
export const isOfEngine = (name) => Object.hasOwn(MUTANTS, name ?? '');

/**
 * Builds a mutant of the plugin below a folder.
 *
 * @returns {Promise<string[]>} the arguments with which Java starts the demo engine with it
 */
export async function mutantOfEngine(name, folder) {
  const { file, changes } = MUTANTS[name];
  let text = await readFile(at('engine-plugin/core/src/main/java', file), 'utf8');
  for (const [part, instead] of changes) {
    const changed = text.replace(part, instead);
    if (changed === text) throw new Problem(`The mutant ${name} does not fit ${file} any more: ${part}`);
    text = changed;
  }
  const source = path.join(folder, 'source', file);
  await mkdir(path.dirname(source), { recursive: true });
  await writeFile(source, text);
  // As a folder of jars, so that classes can stand before them.
  const laid = path.join(folder, 'engine');
  await run(java(), ['-Djarmode=tools', '-jar', ENGINE_JARS.camunda, 'extract', '--destination', laid]);
  const classes = path.join(folder, 'classes');
  const jar = path.join(laid, path.basename(ENGINE_JARS.camunda));
  await run(java().replace(/java$/, 'javac'), [
    '-d',
    classes,
    '-cp',
    `${laid}/lib/*`,
    '--release',
    '17',
    source,
  ]);
  // What commits holds one connection, and wants another.
  return [
    '-Dspring.datasource.hikari.maximum-pool-size=40',
    '-cp',
    `${classes}${path.delimiter}${jar}`,
    MAIN,
  ];
}
