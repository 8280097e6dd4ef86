/** What form-js calls the fields that have several inputs. */
const GROUP = '.fjs-form-field-checklist, .fjs-form-field-radio, .fjs-form-field-taglist';

/**
 * Adds to the markup of form-js what it lacks: several inputs of one field are told together, by its label; and a
 * field, and what is wrong with it, have names that tests can ask for. A field with a fault keeps its height when the
 * fault goes, as it does when somebody leaves the field: else what they were about to press would move away.
 *
 * @param keys the keys of fields by the ids of their elements
 * @returns ends it
 */
export function mendMarkup(container: HTMLElement, keys: ReadonlyMap<string, string>): () => void {
  const mend = () => {
    for (const [id, key] of keys) {
      const fault = document.getElementById(`${id}-error-message`);
      fault?.setAttribute('data-testid', `form-fault-${key}`);
      const field = container
        .querySelector(`[id="${id}"], [id^="${id}-"]`)
        ?.closest<HTMLElement>('.fjs-form-field');
      if (!field) continue;
      if (fault) field.style.minHeight = `${field.offsetHeight}px`;
      if (field.hasAttribute('data-field')) continue;
      field.setAttribute('data-field', key);
      const label = field.matches(GROUP) && field.querySelector('.fjs-form-field-label');
      if (!label) continue;
      label.id = `${id}-label`;
      field.setAttribute('role', 'group');
      field.setAttribute('aria-labelledby', label.id);
    }
  };
  mend();
  const watch = new MutationObserver(mend);
  watch.observe(container, { childList: true, subtree: true });
  return () => watch.disconnect();
}

/** Lets the heights go again that faults have taken. */
export function releaseHeights(container: HTMLElement): void {
  for (const field of container.querySelectorAll<HTMLElement>('[data-field]')) field.style.minHeight = '';
}
