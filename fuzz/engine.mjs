import { createServer } from 'node:http';

/**
 * An engine that says whatever it was given to say: forms that nobody checked when they were deployed, to a gateway
 * that has to. A task and a process of the same name have the same form; all else it does, and has nothing to tell of.
 */
export async function startEngine() {
  const forms = new Map();
  const server = createServer((request, response) => {
    request.resume();
    const { pathname } = new URL(request.url, 'http://engine');
    const [, name = '', verb = ''] =
      /^\/(?:task|process-definition\/key)\/([^/]+)(?:\/tenant-id\/[^/]+)?\/?(.*)$/.exec(pathname) ?? [];
    const { schema, variables } = forms.get(name) ?? {};
    const ref = { camundaFormRef: schema === undefined ? null : { key: name } };
    const body =
      request.method !== 'GET'
        ? JSON.stringify({ id: 'x1' })
        : /^deployed/.test(verb)
          ? schema
          : verb === 'form-variables'
            ? variables
            : name === ''
              ? '[]'
              : JSON.stringify({ id: name, assignee: 'eve', processDefinitionId: `${name}:1:1`, ...ref });
    response.writeHead(200, { 'content-type': 'application/json' }).end(body ?? 'null');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** @param {{ schema: string, variables: string }} form as JSON */
    deploy: (name, form) => forms.set(name, form),
    async end() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
