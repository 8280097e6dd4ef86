import { main } from './lib/main.mjs';
import { readOptions } from './lib/options.mjs';
import { say } from './lib/say.mjs';
import { step } from './lib/step.mjs';
import { PACK_CHECKS } from './pack/checks.mjs';
import { STAGE } from './pack/packages.mjs';
import { stageAll } from './pack/stage.mjs';

const HELP = `
node scripts/pack.mjs [--unchecked]

Compiles and packs every published package and checks the tarballs, as \`npm test\` does.

  --unchecked      only packs; for the container image, whose sources were tested before
  --help           this text
`;

main(async () => {
  const { unchecked } = readOptions(HELP, { unchecked: { type: 'boolean' } });
  const steps = unchecked ? [{ name: 'Packing what is published', run: stageAll }] : PACK_CHECKS;
  for (const { name, run } of steps) await step(name, run);
  say(`The tarballs are in ${STAGE}.`);
});
