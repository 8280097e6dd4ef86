import { replace } from './replace.mjs';

replace('capture/captures.ts', './parts/looks-forgetful.mjs');
