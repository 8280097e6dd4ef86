import { replace } from './replace.mjs';

replace('ingest/publish.ts', './parts/facts-reversed.mjs');
