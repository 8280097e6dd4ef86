/**
 * Runs in the page, from before its first script: when each key's letter was painted, and what held the page up.
 * A frame's callback runs before the frame is painted; a message that is sent from there arrives after.
 */
export function watchAnswers() {
  const seen = { answers: [], long: [], frames: [] };
  const clear = () => {
    for (const list of Object.values(seen)) list.length = 0;
  };
  Object.defineProperty(window, 'burst', {
    value: Object.defineProperty(seen, 'clear', { value: clear, enumerable: false }),
  });
  addEventListener(
    'keydown',
    ({ timeStamp }) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => seen.answers.push(performance.now() - timeStamp);
        port2.postMessage('');
      });
    },
    true,
  );
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.long.push(duration);
  }).observe({ type: 'longtask' });
  let last = performance.now();
  const frame = (now) => {
    seen.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/**
 * Runs in the page: scrolls from the end of a list towards its beginning, a step each frame.
 *
 * @returns {Promise<{ frames: number[], blank: number, elements: number }>} how long each frame took, in how many of
 *   them there was no line where somebody looks, and how much is in the page
 */
export async function scrollThrough({ within, line, step, most }) {
  const inside = (element) => element && element.scrollHeight > element.clientHeight + step;
  const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowY);
  // The page scrolls, or the part of it that the list is in.
  let box = document.querySelector(within ?? line);
  while (box && !(inside(box) && scrolls(box))) box = box.parentElement;
  box ??= document.scrollingElement;
  const isPage = box === document.scrollingElement;
  const shown = isPage
    ? { left: 0, top: 0, width: innerWidth, height: innerHeight }
    : box.getBoundingClientRect();
  const next = () => new Promise((frame) => requestAnimationFrame(frame));
  box.scrollTop = box.scrollHeight;
  await next();
  const frames = [];
  let blank = 0;
  let last = await next();
  for (let before = Number.NaN; box.scrollTop !== before && frames.length < most; ) {
    before = box.scrollTop;
    box.scrollTop -= step;
    const now = await next();
    frames.push(now - last);
    last = now;
    // Between two lines there is nothing: it is looked for at several places.
    const isThere = [0.35, 0.4, 0.45, 0.5, 0.55, 0.6].some((share) =>
      document
        .elementsFromPoint(shown.left + shown.width * 0.2, shown.top + shown.height * share)
        .some((one) => one.closest(line)),
    );
    if (!isThere) blank++;
  }
  return { frames, blank, elements: document.querySelectorAll('*').length };
}
