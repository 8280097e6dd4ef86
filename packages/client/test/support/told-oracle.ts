import type { Delivered, RealtimeEvent, Room } from '@netbuild/realtime-protocol';
import type { RealtimeClient } from '../../src/index.ts';
import type { ScriptedServer } from '../helpers/scripted-server.ts';

/** Holds what a client was told against the log of its rooms. */
export class ToldOracle {
  /** Ids of what was told, in that order. */
  readonly told: string[] = [];
  /** Ids of what the server counted and never sent by itself. */
  readonly lost = new Set<string>();
  #server: ScriptedServer;

  constructor(server: ScriptedServer, client: RealtimeClient) {
    this.#server = server;
    client.on('*', (event) => this.told.push(event.id));
  }

  lose(batch: readonly Delivered[]): void {
    // Also what was sent as a `left`: a room that is entered later makes it a whole event.
    for (const { seq } of batch) this.lost.add(this.#server.log[seq - 1]!.id);
  }

  /** Sentences about what is wrong; none where each event was told once and in order, or was part of a picture. */
  violations(rooms: readonly Room[]): string[] {
    const { log } = this.#server;
    const places = new Map(log.map(({ id, seq }) => [id, seq]));
    const times = (id: string) => this.told.filter((one) => one === id).length;
    const wrong = [...new Set(this.told)].filter((id) => times(id) > 1).map((id) => `told twice: ${id}`);
    for (const event of log) {
      if (times(event.id) === 0 && rooms.some((room) => this.#isNews(event, room)))
        wrong.push(`never told: ${event.id}`);
    }
    // What was found again later is told late; all else in the order of the log.
    const steady = this.told.filter((id) => places.has(id) && !this.lost.has(id));
    for (const [at, id] of steady.entries()) {
      const before = steady[at - 1];
      if (before && places.get(before)! > places.get(id)!) wrong.push(`told after ${before}: ${id}`);
    }
    return wrong;
  }

  /** Whether a room shows the event, and it came after the last picture that the client was given of the room. */
  #isNews(event: RealtimeEvent, room: Room): boolean {
    const picture = this.#server.answers.findLast(
      (answer) => !answer.recovered && answer.rooms.includes(room),
    );
    return event.rooms.includes(room) && event.seq > (picture?.seq ?? 0);
  }
}
