import { z } from 'zod';

/** An id of the engine or of NetBuild. */
export const id = z.string().min(1).max(255);

/** An ISO 8601 time. */
export const time = z.iso.datetime({ offset: true });

/** A line of text that people read. */
export const line = z.string().max(4000);

/** Why somebody has decided so, in at most 2,000 characters. */
export const reasonText = z.string().trim().min(1).max(2000);

/** What all rows of an engine have. */
export const engineFields = {
  /** The engine that it is in, where that is not the one called `default`. */
  engine: id.optional(),
};

/** The definition of a process; a migration changes it. */
export const definitionFields = {
  processDefinitionId: id.optional(),
  processDefinitionKey: id.optional(),
  processDefinitionName: line.optional(),
};

/** What is said of an event itself, by a source that only sees what has become of it. */
export const observedFields = {
  /** It was seen from outside, later: who, when, or which of several changes is a guess. */
  observed: z.literal(true).optional(),
};

/** Where a process instance's facts belong; shared by tasks, activities and incidents. */
export const processFields = {
  ...engineFields,
  processInstanceId: id.optional(),
  rootProcessInstanceId: id.optional(),
  ...definitionFields,
};

/** The links that a row takes over from its process instance. */
export const linkFields = {
  /** The NetBuild execution that the process instance is linked to by its business key. */
  executionId: id.optional(),
  businessKey: id.optional(),
};
