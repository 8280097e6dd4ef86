import { createHash } from 'node:crypto';
import type { EngineClient, EngineForm, FormPlace } from '@netbuild/realtime-engine';
import { type FormAnswer, type FormName, RealtimeError } from '@netbuild/realtime-protocol';
import { checkFilledIn, initialValues } from './filled-in.ts';
import { type Form, readForm } from './schema.ts';

/** Forms of the engines: shown as they are there, and checked here. */
export interface Forms {
  /**
   * @param withValues whether the person is shown what the fields have to begin with; otherwise what the form itself says
   * @throws RealtimeError `not_found` where there is no form; `form_unsupported`; what the engine says
   */
  show(engine: EngineClient, place: FormPlace, withValues: boolean): Promise<FormAnswer>;
  /**
   * Checks what was filled in.
   *
   * @returns the variables that it comes to
   * @throws RealtimeError the same, `form_changed`, and `invalid` with all fields at fault
   */
  check(
    engine: EngineClient,
    place: FormPlace,
    form: FormName,
    data: Record<string, unknown>,
  ): Promise<ReturnType<EngineForm['variables']>>;
}

/** Forms that are kept as they were read; the oldest go. */
const MOST_READ = 200;

/** Makes {@link Forms}. What the engine has is asked for each time, since the newest version of a form may be meant. */
export function createForms(): Forms {
  const read = new Map<string, Form>();

  async function find(engine: EngineClient, place: FormPlace) {
    const found = await engine.forms.of(place);
    if (!found)
      throw new RealtimeError('not_found', {
        message: 'taskId' in place ? 'The task has no form.' : 'The process is started without a form.',
      });
    const { kind, key, schema } = found;
    const version = versionOf(kind, key, schema);
    let form = read.get(version);
    if (!form) {
      form = readForm(schema);
      read.set(version, form);
      if (read.size > MOST_READ) read.delete(read.keys().next().value!);
    }
    return { found, name: { key, version, kind }, form };
  }

  return {
    async show(engine, place, withValues) {
      const { found, name, form } = await find(engine, place);
      const known = withValues ? await found.values(form.variables) : {};
      // Beside the fields, the lists that they are chosen from.
      return { form: name, schema: found.schema, data: { ...known, ...initialValues(form, known) } };
    },
    async check(engine, place, { key, version }, data) {
      const { found, name, form } = await find(engine, place);
      if (name.version !== version || name.key !== key) throw new RealtimeError('form_changed');
      return found.variables(checkFilledIn(form, await found.values(form.variables), data));
    },
  };
}

/** A version is known by what the form consists of: engines say none, and mean the newest one all the same. */
export function versionOf(...form: [kind: EngineForm['kind'], key: string, schema: object]): string {
  return createHash('sha256').update(JSON.stringify(form)).digest('base64url').slice(0, 22);
}
