import { replace } from './replace.mjs';

replace('ingest/publish.ts', './parts/corrections-blind.mjs');
