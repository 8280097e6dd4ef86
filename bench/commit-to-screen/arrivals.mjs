/** Runs in the page, after the smoke run's observer: writes down when frames come in, before the app hears of them. */
export function noteArrivals() {
  const arrivals = [];
  Object.defineProperty(window, 'arrivals', { value: arrivals });
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...args) {
      super(...args);
      this.addEventListener('message', () => arrivals.push(window.smoke.now()));
    }
  };
}
