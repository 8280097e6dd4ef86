import { rolldown } from 'rolldown';

/** Entries that are published as one file with all that they need inside, by the folder of their package. */
const BUNDLED = { client: ['browser'] };

/** Puts what an entry needs into its file, where that is how it is published. */
export async function bundleEntries(folder, dist) {
  for (const entry of BUNDLED[folder] ?? []) {
    const file = `${dist}/${entry}.js`;
    const bundle = await rolldown({ input: file, platform: 'browser', logLevel: 'silent' });
    await bundle.write({
      file,
      format: 'es',
      minify: true,
      codeSplitting: false,
      // What licences ask for goes with their code.
      comments: { legal: true },
      banner: '/*! NetBuild Realtime (Apache-2.0), with socket.io-client and what that stands on (MIT) */',
    });
    await bundle.close();
  }
}
