import { duration, indent, say } from './say.mjs';

/** Says what is being done while it is done, and how long it took. What it throws is passed on. */
export async function step(title, work) {
  const begun = performance.now();
  say(`▸ ${title} …`);
  try {
    const result = await work();
    say(`  done, ${duration(performance.now() - begun)}`);
    return result;
  } catch (error) {
    say(`  failed after ${duration(performance.now() - begun)}`);
    throw error;
  }
}

/** Tells an error: a sentence where it has one, and the end of what a command said. */
export function tell(error) {
  if (error?.name !== 'Problem') return say(indent(error?.stack ?? String(error)));
  if (error.tail) say(indent(error.tail));
  say(`  ${error.message}`);
}
