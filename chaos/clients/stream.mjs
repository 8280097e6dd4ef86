import { Agent, get } from 'node:http';
import { lifeIn, notesIn, printOf } from './notes.mjs';

/** Milliseconds of silence after which the connection is taken for dead: the server says something each five seconds. */
const SILENCE = 12_000;

/** Milliseconds before it comes back, where the server says nothing else. */
const COME_BACK = 100;

/**
 * A reader of one room's event stream, as a browser's EventSource is: it comes back with the id of the last event.
 * It is promised each event once, in order, or to be told that something can not be recovered.
 */
export function openStream({ spec, port, token, file }) {
  const notes = notesIn(file);
  const inLife = lifeIn(notes);
  const agent = new Agent({ keepAlive: false });
  const [room] = spec.rooms;
  let position;
  let call;
  let timer;
  let silence;
  let isOver = false;
  let comeBackAfter = COME_BACK;

  function connect() {
    notes.write('status', 'connecting', Date.now());
    notes.write('ask', [room], position?.id, true);
    call = get(`http://127.0.0.1:${port}/v1/events?room=${encodeURIComponent(room)}`, {
      agent,
      headers: {
        accept: 'text/event-stream',
        authorization: `Bearer ${token}`,
        ...(position ? { 'last-event-id': position.id } : {}),
      },
    });
    heard();
    call.on('error', () => {});
    call.on('close', comeBack);
    call.on('response', (response) => {
      if (response.statusCode !== 200) return call.destroy();
      let text = '';
      response.setEncoding('utf8');
      response.on('error', () => {});
      response.on('data', (chunk) => {
        heard();
        text += chunk;
        // What was cut off in its midst never came.
        const parts = text.split('\n\n');
        text = parts.pop();
        for (const part of parts) take(fieldsOf(part));
      });
    });
  }

  function heard() {
    clearTimeout(silence);
    silence = setTimeout(() => call.destroy(), SILENCE);
  }

  function comeBack() {
    if (isOver) return;
    notes.write('status', 'offline', Date.now());
    timer = setTimeout(connect, comeBackAfter);
    comeBackAfter = COME_BACK;
  }

  function take({ id, event, data, retry }) {
    if (retry !== undefined) comeBackAfter = Number(retry);
    const place = placeOf(id);
    if (event === 'ready') {
      const { epoch, seq, recovered } = JSON.parse(data);
      notes.write('answer', [room], position?.id, { epoch, seq, recovered, entered: [room] });
      notes.write('status', 'live', Date.now());
    } else if (place && data !== undefined) {
      inLife(place.epoch);
      const item = JSON.parse(data);
      if (event === 'left') notes.write('left', place.seq, item.subject);
      else notes.write('event', place.seq, printOf(item));
    }
    if (place) position = place;
  }

  timer = setTimeout(connect, spec.startsAt);
  return {
    /** It was told that it has everything up to there. */
    isWhole: (seq) => position !== undefined && position.seq >= seq,
    async end() {
      isOver = true;
      clearTimeout(timer);
      clearTimeout(silence);
      notes.write('end', 'live');
      call?.destroy();
      await notes.end();
    },
  };
}

/** An id is a life of the log and a place in it. */
function placeOf(id) {
  if (id === undefined) return undefined;
  const [epoch, seq] = id.split(':');
  return { id, epoch, seq: Number(seq) };
}

function fieldsOf(text) {
  const fields = {};
  for (const line of text.split('\n')) {
    const at = line.indexOf(': ');
    if (at > 0) fields[line.slice(0, at)] = line.slice(at + 2);
  }
  return fields;
}
