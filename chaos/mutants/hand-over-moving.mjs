import { replace } from './replace.mjs';

replace('delivery/audience.ts', './parts/hand-over-moving.mjs');
