import { type FormKind, RealtimeError, type Variable } from '@netbuild/realtime-protocol';
import type { EngineRest } from '../engine-rest.ts';
import { formOfStart, formOfTask, type ModelForm } from './form-data.ts';
import { type Conversion, generatedForm } from './generated-form.ts';

/** What a form is of: a task, or the start of a process. */
export type FormPlace = { taskId: string } | { processDefinitionKey: string; domain?: string | undefined };

/** A form as an engine has it. */
export interface EngineForm {
  kind: FormKind;
  key: string;
  /** As form-js has it: JSON of whoever has deployed it. A generated form is put in its terms. */
  schema: Record<string, unknown>;
  /** What its fields have to begin with: those of these names that the engine has. */
  values(names: readonly string[]): Promise<Record<string, unknown>>;
  /** What was filled in, as variables. */
  variables(values: Record<string, unknown>): Record<string, Variable>;
}

/** Asks an engine for forms. */
export interface EngineForms {
  /**
   * The form of a task, or of a start; none: it has none.
   *
   * @throws RealtimeError `form_unsupported` where it has one of another kind; `task_closed`; `not_found` where there is
   *   no such process, or no such form; `engine_unreachable`; `engine_refused`
   */
  of(place: FormPlace): Promise<EngineForm | undefined>;
}

/** Characters of a form's JSON; what is longer is none that people fill in. */
const MAX_SCHEMA_LENGTH = 256_000;

/** How a form is called that stands beside the model in its deployment. */
const DEPLOYED = /^[a-z]+-forms:(?:deployment|app):(.+)$/;

/** The generated forms of so many steps are remembered: a definition never changes. */
const MOST_GENERATED = 500;

/** What the engine says of the form of a task, or of a start. */
interface Said {
  processDefinitionId: string;
  /** Of a user task. */
  taskDefinitionKey?: string | undefined;
  formKey: string | undefined;
  /** The key of a form-js schema. */
  refersTo: string | undefined;
}

/**
 * Makes it on an engine's REST API.
 *
 * @param pathOf the path of a process definition by its key, in a domain
 */
export function createForms(
  rest: EngineRest,
  pathOf: (processDefinitionKey: string, domain: string | undefined) => string,
): EngineForms {
  const models = new Map<string, ModelForm | undefined>();

  async function read<T>(path: string): Promise<T> {
    try {
      const found = await rest('GET', path);
      if (typeof found !== 'object' || found === null) throw new RealtimeError('engine_unreachable');
      return found as T;
    } catch (error) {
      // Nothing was done that could be in doubt.
      const isLost = error instanceof RealtimeError && error.code === 'in_doubt';
      throw isLost ? new RealtimeError('engine_unreachable', { cause: error }) : error;
    }
  }

  /** Reads what has to be there: that it is missing is the engine's fault, and never a place without a form. */
  async function readOwn<T>(path: string): Promise<T> {
    try {
      return await read<T>(path);
    } catch (error) {
      const isMissing = error instanceof RealtimeError && error.code === 'not_found';
      throw isMissing ? new RealtimeError('engine_refused', { message: error.message, cause: error }) : error;
    }
  }

  async function sayingOf(place: FormPlace, path: string): Promise<Said> {
    if ('taskId' in place) {
      const task = await read<Nullable<Said>>(path);
      return {
        processDefinitionId: task.processDefinitionId ?? '',
        taskDefinitionKey: task.taskDefinitionKey ?? '',
        formKey: task.formKey ?? undefined,
        refersTo: referenceIn(task),
      };
    }
    const [{ id }, start] = await Promise.all([
      read<{ id: string }>(path),
      read<{ key?: string | null }>(`${path}/startForm`),
    ]);
    // That of a generated form leads to its HTML.
    const isGenerated = start.key?.startsWith('embedded:engine:');
    return {
      processDefinitionId: id,
      formKey: isGenerated ? undefined : (start.key ?? undefined),
      refersTo: referenceIn(start),
    };
  }

  async function generatedOf(place: FormPlace, said: Said): Promise<ModelForm | undefined> {
    const { processDefinitionId: id, taskDefinitionKey = '' } = said;
    // A task of nobody's process has no model.
    if (id === '') return undefined;
    const name = JSON.stringify([id, taskDefinitionKey]);
    if (models.has(name)) return models.get(name);
    const { bpmn20Xml } = await readOwn<{ bpmn20Xml: unknown }>(
      `/process-definition/${encodeURIComponent(id)}/xml`,
    );
    if (typeof bpmn20Xml !== 'string') throw new RealtimeError('engine_refused');
    const found =
      'taskId' in place
        ? formOfTask(bpmn20Xml, taskDefinitionKey)
        : formOfStart(bpmn20Xml, place.processDefinitionKey);
    models.set(name, found);
    if (models.size > MOST_GENERATED) models.delete(models.keys().next().value!);
    return found;
  }

  function made(
    path: string,
    form: Pick<EngineForm, 'kind' | 'key' | 'schema'>,
    conversions: ReadonlyMap<string, Conversion> = new Map(),
  ): EngineForm {
    return {
      ...form,
      async values(names) {
        if (names.length === 0) return {};
        const query = `deserializeValues=false&variableNames=${encodeURIComponent(names.join(','))}`;
        const found = await readOwn<Record<string, Stored>>(`${path}/form-variables?${query}`);
        return Object.fromEntries(
          names.flatMap((name) => {
            if (!Object.hasOwn(found, name)) return [];
            const value = shownOf(found[name]!);
            const conversion = conversions.get(name);
            return [[name, conversion ? conversion.fromEngine(value) : value]];
          }),
        );
      },
      variables: (values) =>
        Object.fromEntries(
          Object.entries(values).map(([name, value]) => {
            const conversion = conversions.get(name);
            return [name, conversion ? conversion.toEngine(value) : variableOf(value)];
          }),
        ),
    };
  }

  return {
    async of(place) {
      const path =
        'taskId' in place
          ? `/task/${encodeURIComponent(place.taskId)}`
          : pathOf(place.processDefinitionKey, place.domain);
      const said = await sayingOf(place, path);
      const { formKey, refersTo } = said;
      const key = refersTo ?? DEPLOYED.exec(formKey ?? '')?.[1];
      if (key !== undefined) {
        const schema = await readOwn<Record<string, unknown>>(
          `${path}/${'taskId' in place ? 'deployed-form' : 'deployed-start-form'}`,
        );
        if (JSON.stringify(schema).length > MAX_SCHEMA_LENGTH)
          throw new RealtimeError('form_unsupported', { message: `The form ${key} is too large.` });
        return made(path, { kind: 'form-js', key, schema });
      }
      if (formKey !== undefined)
        throw new RealtimeError('form_unsupported', {
          message: `The form ${formKey.slice(0, 200)} is no form-js schema.`,
        });
      const model = await generatedOf(place, said);
      if (!model) return undefined;
      const { schema, conversions } = generatedForm(model);
      const [of = ''] = said.processDefinitionId.split(':');
      return made(path, { kind: 'generated', key: `${of}/${model.id}`, schema }, conversions);
    },
  };
}

type Nullable<T> = { [K in keyof T]?: T[K] | null };

/** Each engine calls it by its own name: `camundaFormRef`, `operatonFormRef`. */
function referenceIn(said: object): string | undefined {
  const [, found] = Object.entries(said).find(([name, ref]) => name.endsWith('FormRef') && ref) ?? [];
  const { key } = (found ?? {}) as { key?: unknown };
  return typeof key === 'string' ? key : undefined;
}

/** A variable as the REST API tells it where values stay as they are stored. */
interface Stored {
  type?: string | null;
  value?: unknown;
  valueInfo?: { serializationDataFormat?: string } | null;
}

/** What a form can show of a variable. */
function shownOf({ type, value, valueInfo }: Stored): unknown {
  const isJson = type === 'Json' || valueInfo?.serializationDataFormat === 'application/json';
  if (isJson && typeof value === 'string') return parsed(value);
  if (type === 'Date' && typeof value === 'string') return dateOf(value);
  return typeof value === 'object' ? null : value;
}

function dateOf(text: string): string | null {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** As form-js has them: a date is a text. */
function variableOf(value: unknown): Variable {
  if (typeof value === 'object' && value !== null) return { type: 'Json', value: value as never };
  return (value ?? null) as Variable;
}
