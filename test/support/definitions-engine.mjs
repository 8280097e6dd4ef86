import { createServer } from 'node:http';

/**
 * As much of an engine's REST API as diagrams and retries ask for, with one definition.
 * @param {{ key: string, xml: string, onRetry: (jobId: string) => Promise<void> }} given
 */
export async function startDefinitionsEngine({ key, xml, onRetry }) {
  const definition = { id: `${key}:1`, key, name: 'Order delivery', version: 1 };
  const asked = [];
  /** Answers in the place of the engine, once each. */
  const faults = [];
  const answers = {
    '/process-definition': [definition],
    [`/process-definition/key/${key}`]: definition,
    [`/process-definition/${key}:1`]: definition,
    [`/process-definition/${key}:1/xml`]: { bpmn20Xml: xml },
  };
  const server = createServer(async (request, response) => {
    request.resume();
    const path = decodeURIComponent(new URL(request.url, 'http://engine').pathname);
    asked.push(`${request.method} ${path}`);
    const say = (status, body) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(body && JSON.stringify(body));
    const [, incident] = /^\/incident\/(.+)$/.exec(path) ?? [];
    if (incident) return say(200, { id: incident, incidentType: 'failedJob', configuration: incident });
    const [, job] = /^\/job\/(.+)\/retries$/.exec(path) ?? [];
    if (job) {
      const fault = faults.shift();
      if (fault) return say(500, fault);
      await onRetry(job);
      return say(204);
    }
    return answers[path] ? say(200, answers[path]) : say(404, { message: `nothing at ${path}` });
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    asked,
    faults,
    async end() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
