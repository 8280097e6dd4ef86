import { replace } from '../../chaos/mutants/replace.mjs';

/** Whoever has a token may enter any room of its domain. */
replace('auth/policy.ts', '../../fuzz/mutants/parts/doors-open.mjs');
