let title = '';
let waiting = 0;

/** Names the page in the window's title. */
export function setPageTitle(next: string): void {
  title = next;
  show();
}

/** Says in the window's title how much waits for the person. */
export function setTitleCount(count: number): void {
  waiting = count;
  show();
}

function show(): void {
  document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${title === '' ? '' : `${title} · `}Workstream`;
}
