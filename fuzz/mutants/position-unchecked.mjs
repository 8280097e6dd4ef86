import { replace } from '../../chaos/mutants/replace.mjs';

/** A position that is none goes wrong inside of the gateway instead of being refused. */
replace('delivery/replay.ts', '../../fuzz/mutants/parts/position-unchecked.mjs');
