import type { Variables } from '@netbuild/realtime-engine';
import { subject } from '@netbuild/realtime-protocol';
import type { FormValues } from '../config/form-values.ts';
import type { Forms } from '../forms/forms.ts';
import { opaqueId } from '../opaque-id.ts';
import { type Call, type CommandTools, markOf } from './command.ts';
import type { EngineCall } from './engine.ts';
import { createProcessCommands } from './process.ts';
import { createTaskCommands } from './task.ts';

/** What submissions need beside the engine. */
export interface FormTools {
  check: Forms['check'];
  /** The fields whose values are told, by the keys of forms. */
  values: FormValues;
}

/**
 * The command of forms. What was filled in is checked before the command is noted; from then on it is the completion
 * of its task, or the start of its process, and whoever meets it unfinished does as with those. What is told of it
 * comes with the command's own end, so that it is told once.
 */
export function createFormCommands(tools: Pick<CommandTools, 'log' | 'engineOf' | 'forms'>): {
  'form:submit': (call: Call<'form:submit'>) => EngineCall<'form:submit'>;
} {
  const { engineOf, forms } = tools;
  const { 'task:complete': completion } = createTaskCommands(tools);
  const { 'process:start': start } = createProcessCommands(tools);

  function told({ actor, payload, commandId }: Call<'form:submit'>, more: object) {
    const { form, data } = payload;
    const named = Object.hasOwn(forms.values, form.key) ? forms.values[form.key]! : [];
    const values = named
      .filter((name) => Object.hasOwn(data, name))
      .map((name) => [name, data[name]] as const);
    const [set, omit] = [true, false].map((isPlain) =>
      values.filter(([, value]) => (typeof value !== 'object' || value === null) === isPlain),
    );
    return {
      type: 'form:submitted',
      data: {
        submissionId: opaqueId('form', actor.userId, commandId),
        formKey: form.key,
        formVersion: form.version,
        formKind: form.kind,
        submittedBy: actor.userId,
        variables: { set: Object.fromEntries(set!), omit: omit!.map(([name]) => name) },
        ...more,
      },
    };
  }

  /** The variables that a submission comes to; they are there once it was examined. */
  function checking({ payload }: Call<'form:submit'>, place: Parameters<Forms['check']>[1]) {
    let variables: Variables = {};
    return {
      async check(name: string | undefined) {
        const engine = engineOf(name);
        // Without one it goes no further.
        if (engine) variables = await forms.check(engine, place, payload.form, payload.data);
        return { engine: name };
      },
      variables: () => variables,
    };
  }

  function ofTask(call: Call<'form:submit'>, taskId: string): EngineCall<'form:submit'> {
    const { commandId } = call;
    const plain = completion({ ...call, payload: { commandId, taskId } });
    const { check, variables } = checking(call, { taskId });
    const submitted = told(call, { taskId });
    const result = { submissionId: submitted.data.submissionId, taskId };
    return {
      ...plain,
      name: 'form:submit',
      call,
      examine: async () => check((await plain.examine()).engine),
      ask: async (engine) => {
        await engine.submitForm(taskId, variables());
        return result;
      },
      look: async (engine, since) => {
        const sight = await plain.look(engine, since);
        return sight.is === 'done' ? { is: 'done', result } : sight;
      },
      effectIn: () => plain.target!,
      told: () => submitted,
    };
  }

  function ofStart(call: Call<'form:submit'>, processDefinitionKey: string): EngineCall<'form:submit'> {
    const { commandId, actor } = call;
    const { businessKey = commandId, title, engine: name } = call.payload;
    const place = { processDefinitionKey, domain: actor.domainId };
    const plain = start({
      ...call,
      payload: { commandId, processDefinitionKey, businessKey, title, engine: name },
    });
    const { check, variables } = checking(call, place);
    const { submissionId } = told(call, {}).data;
    const begun = { processDefinitionKey, businessKey, byForm: true, domain: actor.domainId } as const;
    return {
      ...plain,
      name: 'form:submit',
      call,
      examine: () => check(name),
      ask: async (engine) => {
        const asked = { ...begun, variables: variables(), command: markOf(call) };
        return { ...(await engine.start(asked)), executionId: businessKey, submissionId };
      },
      look: async (engine, since) => {
        const sight = await plain.look(engine, since);
        return sight.is === 'done' ? { is: 'done', result: { ...sight.result, submissionId } } : sight;
      },
      effectIn: ({ processInstanceId }) => subject('process', processInstanceId!),
      told: ({ processInstanceId }) =>
        told(call, { processInstanceId, processDefinitionKey, executionId: businessKey, engine: name }),
    };
  }

  return {
    'form:submit': (call) => {
      const { taskId, processDefinitionKey = '' } = call.payload;
      return taskId === undefined ? ofStart(call, processDefinitionKey) : ofTask(call, taskId);
    },
  };
}
