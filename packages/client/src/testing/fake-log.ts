import type { Delivered, RealtimeEvent, Room, Subject, SubjectKind } from '@netbuild/realtime-protocol';

/** What may be said of an event beside its data; the rest is worked out of that. */
export interface FakeEvent {
  /** What it is about. Default: by the id in the data, as the catalogue has it. */
  subject?: Subject;
  /** Who is shown it. Default: the rooms of its execution, process and definition, and the one of who is signed in. */
  rooms?: Room[];
  /** Whether it is over. Default: by the state in the data, as the catalogue has it. */
  ended?: boolean;
  /** The command whose effect it is. */
  commandId?: string;
  /** When it happened, ISO 8601. Default: now. */
  time?: string;
}

/** The field that names each kind of subject. */
const IDS: Partial<Record<SubjectKind, string>> = {
  task: 'taskId',
  process: 'processInstanceId',
  activity: 'activityInstanceId',
  incident: 'incidentId',
  execution: 'executionId',
  message: 'messageId',
  payment: 'paymentId',
  microservice: 'microserviceId',
  optimization: 'optimizationId',
  pattern: 'patternId',
  agent: 'agentId',
  form: 'submissionId',
  approval: 'approvalId',
};

const OPEN = /^(open|active|suspended|running|thinking|stopping|requested|generating|suggested)$/;

type Data = Record<string, unknown>;

/** What an event of this type with this data is about; `undefined` where only its publisher knows. */
export function subjectOf(type: string, data: Data): Subject | undefined {
  const kind = type.startsWith('process:error') ? 'incident' : (type.split(':')[0] as SubjectKind);
  // That somebody has read is about a reader, and what was erased about an erasure.
  const id = /^(message:read|data:)/.test(type) ? undefined : data[IDS[kind] ?? ''];
  return id === undefined ? undefined : `${kind}/${id}`;
}

/** Whether what an event is about is still going on. */
export function isOpen(kind: string, data: Data): boolean {
  if (kind === 'execution') return true;
  return kind === 'payment' ? data.ended === undefined : OPEN.test(String(data.state));
}

/** The events of a fake server, as the log has them, and the rows that they leave. */
export class FakeLog {
  readonly epoch = 'fake';
  readonly events: RealtimeEvent[] = [];
  /** Events that no history has: what was there from the beginning. */
  readonly pictures = new Set<RealtimeEvent>();
  readonly #rows = new Map<Subject, RealtimeEvent>();
  /** Subjects that were taken away, by the places where they were. */
  readonly #removed = new Map<number, Delivered>();
  #seq = 0;
  #own: Room[];

  /** @param own the rooms of who is signed in; the first one is shown everything */
  constructor(own: Room[]) {
    this.#own = own;
  }

  get seq(): number {
    return this.#seq;
  }

  append(type: string, data: Data, more: FakeEvent = {}): RealtimeEvent {
    const { subject = subjectOf(type, data), commandId } = more;
    const seq = ++this.#seq;
    const rooms = more.rooms ?? this.#roomsOf(data);
    const before = subject && this.#rows.get(subject);
    const ended = more.ended ?? (subject !== undefined && !isOpen(subject.split('/')[0]!, data));
    const event = {
      id: `fake/${seq}`,
      seq,
      type,
      time: more.time ?? new Date().toISOString(),
      ...(subject && { subject }),
      rooms,
      left: (before?.rooms ?? []).filter((room) => !rooms.includes(room)),
      ...(ended && { ended: true }),
      ...(commandId && { commandId }),
      data,
    } as RealtimeEvent;
    this.events.push(event);
    if (subject) this.#rows.set(subject, event);
    return event;
  }

  /** Takes a subject out of everybody's sight. */
  remove(subject: Subject): void {
    const left = this.#rows.get(subject)?.rooms ?? [];
    const seq = ++this.#seq;
    this.#removed.set(seq, { seq, subject, left });
    this.#rows.delete(subject);
  }

  /** What rooms were sent after a place. */
  since(seq: number, rooms: ReadonlySet<Room>): Delivered[] {
    const isIn = (list: readonly Room[]) => list.some((room) => rooms.has(room));
    const told = this.events.flatMap((event): Delivered[] => {
      if (isIn(event.rooms)) return [event];
      return event.subject && isIn(event.left)
        ? [{ seq: event.seq, subject: event.subject, left: event.left }]
        : [];
    });
    const gone = [...this.#removed.values()].filter(({ left }) => isIn(left));
    return [...told, ...gone].filter((item) => item.seq > seq).sort((a, b) => a.seq - b.seq);
  }

  /** Rooms as they are now: what is open in them, and the history of executions. */
  picture(rooms: readonly Room[]): { rows: RealtimeEvent[]; events: RealtimeEvent[] } {
    const isIn = (event: RealtimeEvent) => event.rooms.some((room) => rooms.includes(room));
    return {
      rows: [...this.#rows.values()].filter((row) => isIn(row) && (!row.ended || this.pictures.has(row))),
      events: this.events.filter((event) => isIn(event) && !this.pictures.has(event)),
    };
  }

  #roomsOf({ executionId, processInstanceId, rootProcessInstanceId, processDefinitionKey }: Data): Room[] {
    const names: [string, unknown][] = [
      ['execution', executionId],
      ['process', processInstanceId],
      ['process', rootProcessInstanceId],
      ['definition', processDefinitionKey],
    ];
    const placed = names.flatMap(([kind, id]) => (id === undefined ? [] : [`${kind}:${id}` as Room]));
    return [...new Set([...placed, this.#own[0]!])];
  }
}
