/** Ids in one question: some databases of engines take no more than a thousand values. */
const AT_ONCE = 500;

/** Cuts a list into parts of which the engine can be asked by their ids. */
export function inParts<T>(list: T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / AT_ONCE) }, (_, n) =>
    list.slice(n * AT_ONCE, (n + 1) * AT_ONCE),
  );
}
