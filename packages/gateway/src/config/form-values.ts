import { z } from 'zod';

/** Names of fields, by the keys of forms. */
export type FormValues = z.output<typeof formValues>;

/** The setting FORM_VALUES. */
export const formValues = z.record(
  z.string().min(1).max(255),
  z.array(z.string().min(1).max(255)).min(1).max(50),
);
