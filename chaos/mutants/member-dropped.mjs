import { replace } from './replace.mjs';

replace('delivery/audience.ts', './parts/member-dropped.mjs');
