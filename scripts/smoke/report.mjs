import { percentile } from '../lib/percentile.mjs';
import { say } from '../lib/say.mjs';

/**
 * Prints a line an event with its time from the engine's commit to each screen, and the percentiles. What comes from
 * elsewhere has the time since it was said, by the clock of whoever said it.
 *
 * @param {{ who: string, live: number, cut?: { from: number, to: number }, record: { lines: object[] } }[]} screens
 * @param {{ where: string, card: { committedAt: number, at: number } }[]} lists first sights of tasks in lists
 */
export function report(screens, lists) {
  const times = lists.map(({ card }) => card.at - card.committedAt);
  const others = [];
  const events = new Map();
  for (const { who, live, cut, record } of screens) {
    for (const line of [...record.lines, ...record.turns.map((turn) => ({ ...turn, toldAt: undefined }))]) {
      const name = `${line.id} ${line.type}`;
      const event = events.get(name) ?? { ...line, cells: {} };
      events.set(name, event);
      const since = line.committedAt ?? line.toldAt;
      const took = line.at - since;
      // A line that stands still has the time of its first.
      if (since === undefined) event.cells[who] = 'seen';
      else if (since < live) event.cells[who] = 'on opening';
      // While the network is away nothing comes: what was said before it came back was caught up with.
      else if (cut && line.at >= cut.from && since <= cut.to) event.cells[who] = 'recovered';
      else if (line.committedAt === undefined) {
        others.push(took);
        event.cells[who] = `~ ${took.toFixed(0)} ms`;
      } else {
        times.push(took);
        event.cells[who] = `${took.toFixed(1)} ms`;
      }
    }
  }
  const names = screens.map(({ who }) => who);
  say();
  for (const { where, card } of lists) {
    say(`      task:created, ${where}: ${ms(card.at - card.committedAt)}`);
  }
  say();
  say(row('seq', 'event', names));
  for (const { seq, type, cells } of [...events.values()].sort((a, b) => a.seq - b.seq)) {
    say(
      row(
        seq,
        type,
        names.map((who) => cells[who] ?? 'never'),
      ),
    );
  }
  say();
  say(
    `from the engine's commit to the screen, ${times.length} times: p50 ${ms(percentile(times, 0.5))}, p99 ${ms(percentile(times, 0.99))}`,
  );
  say(
    `~ from when it was said elsewhere, in whole milliseconds, ${others.length} times: p50 ${ms(percentile(others, 0.5))}, p99 ${ms(percentile(others, 0.99))}`,
  );
}

const row = (seq, type, cells) =>
  `${String(seq).padStart(5)} ${String(type).padEnd(22)}${cells.map((cell) => cell.padStart(14)).join('')}`;

const ms = (value) => (value === undefined ? '–' : `${value.toFixed(1)} ms`);
