import { replace } from './replace.mjs';

replace('delivery/tail.ts', './parts/tail-with-holes.mjs');
