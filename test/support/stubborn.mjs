import { main } from '../../scripts/lib/main.mjs';
import { start } from '../../scripts/lib/processes.mjs';

main(async () => {
  const shell = start('sh', ['-c', 'trap "" TERM; echo ready; sleep 600 & wait; sleep 600'], { grace: 500 });
  await new Promise((resolve) => shell.hear(resolve));
  process.stdout.write(`${shell.pid}\n`);
  await shell.exited;
});
