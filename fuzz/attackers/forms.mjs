import { exchange } from './http.mjs';

/** Fills in forms that were made to be filled in by nobody: shown, and sent back under the name that they had. */
export function createFormAttacker({ agent, port, random, forms, engine, insider, lane, listen }) {
  const task = `form-${lane}`;
  const headers = { authorization: `Bearer ${insider}`, 'content-type': 'application/json' };

  return async function visit() {
    const form = { schema: forms.schema(), variables: forms.variables() };
    engine.deploy(task, form);
    let data = '';
    const hear = listen(
      () =>
        `the form ${form.schema.slice(0, 600)} with ${form.variables.slice(0, 300)}, filled in: ${data.slice(0, 300)}`,
    );
    const path = random.pick([`/v1/tasks/${task}/form`, `/v1/processes/${task}/form`]);
    const shown = await exchange(agent, port, { method: 'GET', path, headers }, hear);
    const name = /"form":(\{[^}]*\})/.exec(shown?.text ?? '')?.[1];
    if (name === undefined) return 1;
    const times = random.between(1, 3);
    for (let time = 0; time < times; time++) {
      data = forms.data();
      const body = `{"form":${name},"data":${data}}`;
      await exchange(agent, port, { method: 'POST', path, headers, body }, hear);
    }
    return 1 + times;
  };
}
