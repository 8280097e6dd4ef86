import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { readOptions } from './lib/options.mjs';
import { say } from './lib/say.mjs';
import { step } from './lib/step.mjs';

const HELP = `
node scripts/pack.mjs [--unchecked]
node scripts/pack.mjs --to FOLDER PACKAGE...

Compiles and packs every published package and checks the tarballs, as \`npm test\` does.

  --unchecked      only packs; for the container image, whose sources were tested before
  --to FOLDER      only packs, into this folder, the packages that are named (client, react, publisher, …) and those
                   that they stand on: \`npm install FOLDER/*.tgz\` takes them from there
  --help           this text
`;

const OPTIONS = { unchecked: { type: 'boolean' }, to: { type: 'string' } };

main(async () => {
  const { unchecked, to, names } = readOptions(HELP, OPTIONS, true);
  if ((to === undefined) !== (names.length === 0)) {
    say(HELP.trim());
    return 2;
  }
  await ensureInstalled();
  // Loaded only now: they need what was installed.
  const { packInto, stageAll } = await import('./pack/stage.mjs');
  const title = 'Packing what is published';
  if (to !== undefined) {
    await step(title, () => packInto(to, names));
    say(`The tarballs are in ${to}.`);
    return 0;
  }
  const steps = unchecked
    ? [{ name: title, run: stageAll }]
    : (await import('./pack/checks.mjs')).PACK_CHECKS;
  for (const { name, run } of steps) await step(name, run);
  say(`The tarballs are in ${(await import('./pack/packages.mjs')).STAGE}.`);
  return 0;
});
