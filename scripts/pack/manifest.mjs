/** What stands in a published package.json, in this order; what only development needs is left out. */
const KEPT = [
  'name',
  'version',
  'description',
  'keywords',
  'license',
  'author',
  'repository',
  'homepage',
  'bugs',
  'type',
  'sideEffects',
  'engines',
  'dependencies',
  'peerDependencies',
  'peerDependenciesMeta',
  'optionalDependencies',
];

/** Packages whose code needs Node's own modules of this version; the others run in browsers, or say what they need. */
export const SERVER = new Set(['log', 'engine', 'gateway']);

/**
 * The package.json of the tarball. In the repository `exports` name the sources, so that nothing has to be built;
 * npm can not replace them when publishing (https://github.com/npm/cli/issues/7586), so this does.
 */
export function publishedManifest(folder, manifest) {
  const published = {};
  for (const key of KEPT) if (manifest[key] !== undefined) published[key] = manifest[key];
  if (SERVER.has(folder)) published.engines = { node: '>=24', ...manifest.engines };
  published.exports = Object.fromEntries(
    Object.entries(manifest.exports).map(([name, source]) => [name, target(source)]),
  );
  if (manifest.bin) {
    published.bin = Object.fromEntries(
      Object.entries(manifest.bin).map(([name, source]) => [name, built(source)]),
    );
  }
  published.files = ['dist'];
  return published;
}

const target = (source) =>
  /\.tsx?$/.test(source)
    ? { types: built(source).replace(/\.js$/, '.d.ts'), default: built(source) }
    : built(source);

/** Where a source lies in the tarball. */
export const built = (source) => source.replace(/^\.\/src\//, './dist/').replace(/\.tsx?$/, '.js');
