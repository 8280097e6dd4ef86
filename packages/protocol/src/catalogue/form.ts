import { z } from 'zod';
import type { Change, Fact, Rows } from '../fact.ts';
import { subject } from '../subject.ts';
import { defined, processRooms } from './change.ts';
import { typesOf } from './entry.ts';
import { id, line, linkFields, processFields, time } from './fields.ts';
import { linksOf } from './span.ts';
import type { TaskData } from './task.ts';
import { variableFields, variablesReported, withVariables } from './variables.ts';

/** Where forms come from: form-js schemas that are deployed at the engine, and those that it generates from a model. */
export const FORM_KINDS = ['form-js', 'generated'] as const;

/** Where a form comes from. */
export type FormKind = (typeof FORM_KINDS)[number];

/** Which form, in which version: the same key with other fields is another version. */
export const formName = z.object({
  key: id,
  /** Of all that the form consists of. */
  version: z.string().min(1).max(100),
  kind: z.enum(FORM_KINDS),
});

/** Names a form in one version. */
export type FormName = z.infer<typeof formName>;

const formFields = {
  submissionId: id,
  formKey: id,
  formVersion: z.string().min(1).max(100),
  formKind: z.enum(FORM_KINDS).optional(),
  submittedBy: id,
  /** The task that it has completed; none: it has started the process. */
  taskId: id.optional(),
  taskName: line.optional(),
  ...processFields,
};

const formData = z.object({
  ...formFields,
  submitted: time,
  ...linkFields,
  /** What was filled in, of the fields that the setting FORM_VALUES names. */
  ...variableFields,
});

/** A submission of a form. */
export type FormSubmissionData = z.infer<typeof formData>;

const reported = z.object({
  ...formFields,
  executionId: id.optional(),
  variables: variablesReported.optional(),
});

/** Submissions of forms: history from birth. What was filled in is the submitter's, and goes with them. */
export const form = {
  kind: 'form' as const,
  data: formData,
  rooms: (data: FormSubmissionData) => processRooms(data),
  isOpen: () => false,
  author: 'submittedBy' as const,
  // Of others only what was filled in may be a name.
  people: { fields: [] as const, type: 'form:updated' as const },
};

const type = typesOf(form);

/** The types of event that a submission has. */
export const formTypes = [
  type({
    type: 'form:submitted',
    doc: 'Somebody has filled in a form: it has completed a task, or started a process.',
    fact: reported,
    fold: foldSubmitted,
  }),
  type({
    type: 'form:updated',
    doc: 'A submission as it reads since a person was erased whom it named; nothing was submitted anew.',
    publishable: false,
    fact: z.object({ submissionId: id }),
    // It comes of an erasure, which says it whole.
    fold: () => [],
  }),
];

/** Once a submission: whatever comes under the same id later is no news. */
function foldSubmitted(fact: Fact & { data: z.infer<typeof reported> }, rows: Rows): Change[] {
  const { variables, ...said } = fact.data;
  const name = subject('form', said.submissionId);
  if (rows(name)) return [];
  const task = said.taskId === undefined ? undefined : rows<TaskData>(subject('task', said.taskId));
  const processInstanceId = said.processInstanceId ?? task?.processInstanceId;
  const data = defined({
    ...(task && ofTask(task)),
    ...defined(said),
    ...defined({ processInstanceId }),
    ...defined(linksOf(rows, processInstanceId)),
    ...withVariables({}, variables),
    submitted: fact.time,
  });
  return [{ type: 'form:submitted', subject: name, data }];
}

/** What a submission takes over from its task. */
function ofTask({
  taskName,
  engine,
  rootProcessInstanceId,
  processDefinitionId,
  processDefinitionKey,
  processDefinitionName,
  executionId,
  businessKey,
}: TaskData) {
  return {
    taskName,
    engine,
    rootProcessInstanceId,
    processDefinitionId,
    processDefinitionKey,
    processDefinitionName,
    executionId,
    businessKey,
  };
}
