import { replace } from './replace.mjs';

replace('ingest/publish.ts', './parts/keys-ignored.mjs');
