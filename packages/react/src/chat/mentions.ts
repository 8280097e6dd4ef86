/** Part of a word or of a name: what stands before or behind a mention has to be something else. */
const NAME = /[\p{L}\p{N}._-]/u;

/** A full stop ends a sentence, unless a name goes on behind it. */
const GOES_ON = /^(?:[\p{L}\p{N}_-]|\.[\p{L}\p{N}])/u;

/**
 * Whom a text addresses, of the people there are: `@bob`, in whatever case, and neither `@bobby` nor `me@bob.example`.
 *
 * @example mentionsIn('@bob, could you look?', ['alice', 'bob']); // ['bob']
 */
export function mentionsIn(text: string, people: readonly string[]): string[] {
  if (!text.includes('@')) return [];
  const lower = text.toLowerCase();
  return people.filter((name) => {
    const said = `@${name.toLowerCase()}`;
    for (let at = lower.indexOf(said); at >= 0; at = lower.indexOf(said, at + 1)) {
      const isBegin = at === 0 || !NAME.test(lower[at - 1]!);
      if (isBegin && !GOES_ON.test(lower.slice(at + said.length))) return true;
    }
    return false;
  });
}
