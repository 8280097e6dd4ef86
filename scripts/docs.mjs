import { writeReference } from './docs/files.mjs';
import { main } from './lib/main.mjs';
import { readOptions } from './lib/options.mjs';
import { ROOT } from './lib/paths.mjs';
import { say } from './lib/say.mjs';

const HELP = `
npm run docs

Makes the API reference (docs/api) from the doc comments of the source. \`npm test\` fails where the two differ, and
where an export has no doc comment, or no example.

  --help           this text
`;

main(async () => {
  readOptions(HELP, {});
  const names = writeReference(ROOT);
  say(`docs/api: ${names.join(', ')}`);
});
