import path from 'node:path';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { readOptions } from './lib/options.mjs';
import { runOnOwnNode } from './lib/own-node.mjs';
import { at } from './lib/paths.mjs';
import { require } from './lib/requirements.mjs';
import { say } from './lib/say.mjs';
import { step } from './lib/step.mjs';

const HELP = `
npm run screenshots [-- OPTIONS]

Makes the pictures of the app in docs/images anew, from sample data at a fixed time: it builds the app, starts a gateway
and a headless browser, and needs no engine.

  --out DIR        instead: all pictures of all pages, at three widths (390, 820, 1440), light and dark, into DIR
  --only TEXT      of these, only those whose name has TEXT, such as work, 390 or dark
  --help           this text
`;

/** What the README and the docs show. */
const DOCS = {
  'execution-1440-light': 'execution.png',
  'form-820-light': 'form.png',
  'work-1440-dark': 'work.png',
  'definition-820-light': 'operations.png',
};

main(async () => {
  const { out, only = '' } = readOptions(HELP, { out: { type: 'string' }, only: { type: 'string' } });
  require('node');
  await ensureInstalled();
  const code = await runOnOwnNode();
  if (code !== undefined) return code;
  const { openStage } = await import('./stage/stage.mjs');
  const { PICTURES, takePictures } = await import('./screenshots/pictures.mjs');
  const { definitions, fillWorld, NOW } = await import('./screenshots/world.mjs');
  const pictures = out
    ? Object.fromEntries(PICTURES.map((name) => [name, path.resolve(out, `${name}.png`)]))
    : Object.fromEntries(Object.entries(DOCS).map(([name, file]) => [name, at('docs/images', file)]));
  for (const name of Object.keys(pictures)) if (!name.includes(only)) delete pictures[name];

  const clock = { now: NOW };
  const stage = await step('Starting the gateway and the browser', async () =>
    openStage({
      now: () => clock.now,
      definitions: await definitions(),
      // What happened on the day of the pictures is taken, however long ago that is.
      env: { KEEP_KEYS_DAYS: '36500', KEEP_EVENTS_DAYS: '36500' },
    }),
  );
  await step('Publishing the sample', () => fillWorld(stage, clock));
  await step(`Taking ${Object.keys(pictures).length} pictures`, () =>
    takePictures(stage, {
      pictures,
      told: (name) => say(`  ${path.relative(process.cwd(), pictures[name])}`),
    }),
  );
  await stage.close();
});
