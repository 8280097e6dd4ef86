import { replace } from './replace.mjs';

replace('delivery/tail.ts', './parts/fork-ignored.mjs');
