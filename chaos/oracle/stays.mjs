import { createTold } from './told.mjs';
import { linesOf } from './trace.mjs';

/**
 * Reads the notes of an SDK client or of a stream: what it was told, and from where to where it was in each room.
 *
 * A stay begins at the position of a snapshot (exclusive) and goes on across resumes, in another life of the log from
 * the position that was resumed. It ends where a new connection asks for other rooms, at what the client had been told
 * by then; where the room was given up, it becomes `free` there: what still comes of it is right, and so is silence,
 * since nobody knows when the server heard of it. Where its life was lost, it ends before what that has lost; what it
 * was told beyond was right when it came, and may stand in the same place again.
 */
export function staysOf({ name, file, truth, report }) {
  const { lives } = truth;
  const told = createTold({ name, truth, report });
  const stays = new Map();
  const open = new Map();
  const released = new Set();
  /** Rooms that were given up while the present question was open: taken again, they are asked for again. */
  const givenUp = new Set();
  /** Rooms that were whole when the client last said that it shows what is, or asked for something else. */
  const whole = new Set();
  const allWhole = (but = []) => {
    for (const [room, { isFree }] of open) if (!isFree && !but.includes(room)) whole.add(room);
  };
  const abandoned = [];
  const answers = [];
  const statuses = [];
  /** How far it had come in each life since it last began anew: what it was answered, and what the log has lost. */
  let heights = new Map();
  let reached = 0;
  /** Whether further pages of the last answer were asked for. */
  let isPaging = false;
  /** Whether it may yet find that what it holds is not in the last answer, though that was recovered. */
  let isOpen = false;
  let life;
  let rows;
  let end;

  const close = (room, at = reached) => {
    const stay = open.get(room);
    if (!stay) return;
    const fork = lives.forkOf(stay.epoch);
    if (fork === undefined) stay.isFree = true;
    stay.to = stay.isFree ? at : Math.min(at, fork - 1);
    const heard = Math.min(at, reached);
    if (stay.to < heard) stays.get(room).push({ ...stay, from: stay.to, to: heard, isFree: true });
    open.delete(room);
  };
  const begin = (room, epoch, from, isFree = false) => {
    const stay = { epoch, from, to: Number.POSITIVE_INFINITY, isFree };
    stays.set(room, [...(stays.get(room) ?? []), stay]);
    open.set(room, stay);
  };
  const goOn = () => {
    if (isOpen) told.goOn();
    isOpen = false;
  };
  const isGivenUp = (room) => released.has(room) || givenUp.has(room);
  const reach = (epoch, seq, isKept = false) => {
    reached = Math.max(reached, isKept ? seq : lives.place(epoch, seq));
    if (!isKept) heights.set(epoch, Math.max(heights.get(epoch) ?? 0, seq));
  };

  const read = {
    life([epoch]) {
      life = epoch;
      if (epoch === null) return;
      // A stream hears by an event's id that another life goes on where it stands.
      for (const [room, { epoch: before, isFree }] of [...open]) {
        if (before === epoch) continue;
        close(room);
        begin(room, epoch, reached, isFree);
      }
    },
    event([seq, print]) {
      reach(life, seq, told.event(seq, print, life));
    },
    left([seq, subject]) {
      reach(life, seq, told.left(seq, subject, life));
    },
    ask([rooms, since, isFirst]) {
      givenUp.clear();
      // One question at a time; of the last one, further pages may have failed.
      if (!isFirst) allWhole(isPaging ? answers.at(-1).rooms : []);
      const afresh = since == null ? rooms.filter((room) => whole.has(room)) : [];
      if (afresh.length > 0)
        abandoned.push({
          rooms: afresh,
          heights: new Map(heights),
          reached,
          isPaging,
          answer: answers.length,
        });
      else goOn();
      isOpen = false;
      // Counted as one, not as each of the events that it has cost.
      const last = lives.place(life, told.last);
      for (const room of afresh) {
        whole.delete(room);
        close(room, last);
        begin(room, answers.at(-1).epoch, last, true);
      }
      if (isFirst) for (const room of [...open.keys()]) if (!rooms.includes(room)) close(room);
    },
    answer([rooms, given, { epoch, seq, recovered, entered }]) {
      const since = given ?? undefined;
      answers.push({ rooms, since, epoch, seq, recovered });
      isPaging = false;
      isOpen = recovered;
      if (recovered) resumed(rooms, since, epoch, entered);
      else anew(rooms, since, epoch, seq, entered);
      reach(epoch, seq);
    },
    page() {
      isPaging = true;
    },
    release([room]) {
      released.add(room);
      givenUp.add(room);
      whole.delete(room);
      if (!open.has(room)) return;
      const stay = open.get(room);
      close(room);
      begin(room, stay.epoch, stay.to, true);
    },
    hold([room]) {
      released.delete(room);
    },
    status([state, at, reason]) {
      statuses.push({ state, at, reason });
      if (state !== 'live') return;
      allWhole();
      goOn();
    },
    rows([rooms, list]) {
      rows = { rooms, rows: list };
    },
    end([state, position]) {
      end = { state, position };
    },
  };

  function resumed(rooms, since, epoch, entered) {
    const from = Number(since.slice(since.lastIndexOf(':') + 1));
    for (const room of rooms) {
      const stay = open.get(room);
      const isKept = entered.includes(room) && stay && !stay.isFree;
      if (isKept && stay.epoch === epoch) continue;
      if (isKept) {
        // It is owed what it may have heard before this answer as well as after it, but nothing before its picture.
        close(room, from);
        begin(room, epoch, Math.max(from, stay.from));
        continue;
      }
      close(room);
      // It may have been given up while the question was under way.
      if (entered.includes(room)) begin(room, epoch, from, isGivenUp(room));
    }
  }

  function anew(rooms, since, epoch, seq, entered) {
    // In another life than that of rooms which it is in, it is put aside: those are resumed first.
    const isPutAside =
      since === undefined &&
      [...open].some(([room, stay]) => !rooms.includes(room) && !stay.isFree && stay.epoch !== epoch);
    for (const room of rooms) {
      whole.delete(room);
      close(room);
      if (entered.includes(room)) begin(room, epoch, seq, isPutAside || isGivenUp(room));
    }
    if (isPutAside) return;
    told.anew(epoch, seq);
    if (whole.size === 0) {
      heights = new Map();
      reached = 0;
    }
    life = epoch;
  }

  for (const [what, ...line] of linesOf(file)) read[what](line);
  for (const room of [...open.keys()]) close(room, Number.POSITIVE_INFINITY);
  told.end();
  return { told, stays, answers, abandoned, statuses, rows, end };
}
