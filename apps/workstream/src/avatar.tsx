/** A person as a small round sign. The colour is the person's own, the same everywhere. */
export function Avatar({ name }: { name: string }) {
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 8, 0);
  return (
    <span className={`avatar avatar--${hue}`} aria-hidden="true">
      {name.slice(0, 2)}
    </span>
  );
}
