/** What stands in a person's round sign. */
export function initialsOf(name: string, letters = 2): string {
  return [...name].slice(0, letters).join('');
}

/** Which of the eight colours is a person's, the same wherever they are shown. */
export function hueOf(name: string): number {
  return [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 8, 0);
}
