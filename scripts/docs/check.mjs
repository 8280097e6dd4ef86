import { ROOT } from '../lib/paths.mjs';
import { Problem } from '../lib/problem.mjs';
import { makeReference, staleFiles } from './files.mjs';
import { gapsOf } from './gaps.mjs';

/** @throws {Problem} where exports lack a doc comment or an example, or the reference is not what the source says */
export function checkReference() {
  const { reference, files } = makeReference(ROOT);
  const gaps = gapsOf(reference);
  if (gaps.length > 0)
    throw new Problem('The doc comments of the exports have gaps.', { tail: gaps.join('\n') });
  const stale = staleFiles(ROOT, files);
  if (stale.length > 0)
    throw new Problem('The API reference differs from the source: run `npm run docs`.', {
      tail: stale.map((name) => `docs/api/${name}`).join('\n'),
    });
}
