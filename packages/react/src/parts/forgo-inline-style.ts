/** By which React Aria knows that its style is there. */
const ID = 'react-aria-pressable-style';

/**
 * React Aria puts a `<style>` into the page for what can be pressed. A strict content security policy refuses it, with
 * an error at each page. The rule stands in `parts.css`, and this has React Aria find it there.
 */
export function forgoInlineStyle(): void {
  if (document.getElementById(ID)) return;
  const sign = document.createElement('meta');
  sign.id = ID;
  document.head.append(sign);
}
