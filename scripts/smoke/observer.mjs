/**
 * Runs in the page, from before its first script: writes down what appears on the screen and when.
 * It reads attributes alone, so that it costs the page next to nothing.
 */
export function observe() {
  // The page's clock started from the machine's when the page did; the wall clock's next tick tells how far they are apart.
  const tick = () => {
    const before = Date.now();
    for (;;) {
      const after = Date.now();
      if (after !== before) return after - (performance.timeOrigin + performance.now());
    }
  };
  const offset = Math.max(tick(), tick(), tick());
  const now = () => performance.timeOrigin + performance.now() + offset;

  const seen = { lines: [], turns: [], cards: [], states: [], now };
  Object.defineProperty(window, 'smoke', { value: seen });

  const lineOf = (element, at) => {
    const { eventId, eventType, seq, committedAt } = element.dataset;
    return {
      id: eventId,
      type: eventType,
      seq: Number(seq),
      committedAt: committedAt ? Number(committedAt) : undefined,
      toldAt: Date.parse(element.querySelector('time')?.dateTime),
      at,
    };
  };
  const read = (element, at) => {
    const line = lineOf(element, at);
    // What is shown ahead of its event is not one yet; the event takes its place, or its line's.
    if (line.id.startsWith('pending/')) return;
    const copies = document.querySelectorAll(`[data-event-id="${CSS.escape(line.id)}"]`).length;
    seen.lines.push({ ...line, copies });
    tell(line.id);
  };
  // A measurement may wish to hear of each line as it is written down.
  const tell = (id) => window.heard?.(id);
  const readCard = (element, at) => {
    const { taskId, state, assignee, seq, committedAt } = element.dataset;
    seen.cards.push({
      taskId,
      state,
      assignee: assignee ?? '',
      seq: Number(seq),
      committedAt: Number(committedAt),
      at,
    });
  };
  const each = (node, selector, use) => {
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    if (node.matches(selector)) use(node);
    for (const inner of node.querySelectorAll(selector)) use(inner);
  };
  new MutationObserver((changes) => {
    const at = now();
    for (const change of changes) {
      if (change.type === 'attributes') {
        if (change.target.matches('[data-task-id]')) readCard(change.target, at);
        if (change.target.matches('[data-testid=connection-status]'))
          seen.states.push({ state: change.target.dataset.state, at });
        if (change.attributeName === 'data-event-id') read(change.target, at);
        // A line that stands still while what it tells of goes on: an agent at work, and done.
        if (change.attributeName === 'data-event-type') seen.turns.push(lineOf(change.target, at));
        continue;
      }
      for (const node of change.addedNodes) {
        each(node, '[data-event-id]', (line) => read(line, at));
        each(node, '[data-task-id]', (card) => readCard(card, at));
      }
    }
  }).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-state', 'data-assignee', 'data-seq', 'data-event-type', 'data-event-id'],
  });
}
