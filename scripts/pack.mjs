import { main } from './lib/main.mjs';
import { readOptions } from './lib/options.mjs';
import { say } from './lib/say.mjs';
import { step } from './lib/step.mjs';
import { PACK_CHECKS } from './pack/checks.mjs';
import { STAGE } from './pack/packages.mjs';

const HELP = `
node scripts/pack.mjs

Compiles and packs every published package and checks the tarballs, as \`npm test\` does.
`;

main(async () => {
  readOptions(HELP, {});
  for (const { name, run } of PACK_CHECKS) await step(name, run);
  say(`The tarballs are in ${STAGE}.`);
});
