/** Where a connection is. `SPEC.md` says what each one means. */
export type State =
  | 'closed'
  | 'asking'
  | 'opening'
  | 'catching-up'
  | 'live'
  | 'stale'
  | 'waiting'
  | 'refused';

/** What is done on the way to the next state. `SPEC.md` says what each one does. */
export type Action =
  | 'ask'
  | 'open'
  | 'enter'
  | 'drop'
  | 'fail'
  | 'wait'
  | 'hurry'
  | 'watch'
  | 'rest'
  | 'probe'
  | 'resume';

/** The next state and what is done; nothing where the event changes nothing. */
export type Cell = readonly [State, ...Action[]] | undefined;

/** One cell for each state, in the order of {@link STATES}. */
type Row = readonly [Cell, Cell, Cell, Cell, Cell, Cell, Cell, Cell];

const _ = undefined;
const ASK: Cell = ['asking', 'ask'];
const REDO: Cell = ['asking', 'drop', 'ask'];
const END: Cell = ['closed', 'drop'];
const WAIT: Cell = ['waiting', 'wait'];
const LOSE: Cell = ['waiting', 'drop', 'wait'];
const HURRY: Cell = ['waiting', 'hurry'];
const LIVE: Cell = ['live', 'watch'];
const STALE: Cell = ['stale', 'probe'];
const CHECK: Cell = ['catching-up', 'probe'];
const RESUME: Cell = ['catching-up', 'resume'];
const ENTER: Cell = ['catching-up', 'enter'];

const STATES: readonly State[] = [
  'closed',
  'asking',
  'opening',
  'catching-up',
  'live',
  'stale',
  'waiting',
  'refused',
];

/** The table of `SPEC.md`; a test holds the two against each other. */
// biome-ignore format: a table is read in columns
const TABLE = {
  //            closed asking  opening catching-up live    stale   waiting refused
  connect:      [ASK,  _,      _,      _,          _,      REDO,   ASK,    ASK],
  disconnect:   [END,  END,    END,    END,        END,    END,    END,    END],
  token:        [_,    ['opening', 'open'], _, _,  _,      _,      _,      _],
  'no-token':   [_,    WAIT,   _,      _,          _,      _,      _,      _],
  ready:        [_,    _,      ENTER,  _,          _,      _,      _,      _],
  refused:      [_,    _,      ['refused', 'drop', 'fail'], _, _, _, _,    _],
  lost:         [_,    _,      LOSE,   LOSE,       LOSE,   LOSE,   _,      _],
  dismissed:    [_,    _,      END,    END,        END,    END,    _,      _],
  whole:        [_,    _,      _,      LIVE,       _,      ['stale', 'rest'], _, _],
  good:         [_,    _,      _,      _,          LIVE,   LIVE,   _,      _],
  bad:          [_,    _,      _,      RESUME,     RESUME, RESUME, _,      _],
  missed:       [_,    _,      _,      _,          STALE,  STALE,  _,      _],
  unanswered:   [_,    WAIT,   LOSE,   LOSE,       _,      LOSE,   _,      _],
  due:          [_,    _,      _,      _,          _,      _,      ASK,    _],
  woken:        [_,    _,      REDO,   CHECK,      CHECK,  STALE,  HURRY,  _],
  online:       [_,    _,      REDO,   CHECK,      CHECK,  STALE,  HURRY,  _],
  offline:      [_,    _,      _,      _,          _,      _,      _,      _],
} satisfies Record<string, Row>;

/** What can happen to a connection. `SPEC.md` says what each one means. */
export type Happening = keyof typeof TABLE;

/** The cell of a state and an event. */
export function step(state: State, happening: Happening): Cell {
  return TABLE[happening][STATES.indexOf(state)];
}
