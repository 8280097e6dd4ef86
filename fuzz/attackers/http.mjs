import { request as ask } from 'node:http';

/** How long an answer may take, in milliseconds. */
const PATIENCE = 5000;

/** One request; resolves with its status and text, or with nothing where the connection ended. */
export function exchange(agent, port, { method, path, headers, body }, hear) {
  return new Promise((resolve) => {
    let request;
    try {
      request = ask({ agent, port, host: '127.0.0.1', method, path, headers, timeout: PATIENCE });
    } catch {
      // Node itself refuses some names and paths.
      return resolve(undefined);
    }
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
    request.on('response', (response) => {
      let text = '';
      response.on('data', (chunk) => {
        hear(chunk);
        if (text.length < 10_000) text += chunk;
        // A stream of events does not end by itself.
        if (/event-stream/.test(response.headers['content-type'] ?? '')) response.destroy();
      });
      response.on('close', () => resolve({ status: response.statusCode, text }));
    });
    request.end(body);
  });
}

/** Requests on kept connections, with and without a token or a key; mostly with the one that a route wants. */
export function createHttpAttacker({ agent, port, random, request, authorizations, passes, listen }) {
  return async function visit() {
    const { pass, ...made } = request();
    const hear = listen(
      () => `${made.method} ${made.path.slice(0, 200)} ${String(made.body ?? '').slice(0, 300)}`,
    );
    const authorization = random.next() < 0.6 && pass in passes ? passes[pass] : random.pick(authorizations);
    if (authorization !== undefined) made.headers.authorization = authorization;
    if (random.next() < 0.1) made.headers.accept = 'text/event-stream';
    await exchange(agent, port, made, hear);
    return 1;
  };
}
