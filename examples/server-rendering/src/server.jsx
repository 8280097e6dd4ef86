import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { renderToString } from 'react-dom/server';
import { App } from './app.jsx';

const GATEWAY = process.env.GATEWAY ?? 'http://localhost:3000';
const script = await readFile(new URL('./browser.js', import.meta.url));

const page = () => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Tasks</title>
    <link rel="icon" href="data:,">
  </head>
  <body>
    <div id="root" data-gateway="${GATEWAY}">${renderToString(<App gateway={GATEWAY} />)}</div>
    <script type="module" src="/browser.js"></script>
  </body>
</html>`;

/** A token of whoever is signed in: here always alice, by the login that the gateway has for development. */
async function token() {
  const response = await fetch(`${GATEWAY}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'alice', password: 'alice-dev' }),
  });
  if (!response.ok) throw new Error(`No login: ${response.status}`);
  return (await response.json()).token;
}

const routes = {
  'GET /': ['text/html', page],
  'GET /browser.js': ['text/javascript', () => script],
  'POST /token': ['text/plain', token],
};

const server = createServer(async ({ method, url }, response) => {
  const [type, answer] = routes[`${method} ${url}`] ?? [];
  if (!answer) return response.writeHead(404).end();
  try {
    response.setHeader('content-type', `${type}; charset=utf-8`).end(await answer());
  } catch (error) {
    console.error(error);
    response.writeHead(502).end();
  }
});

server.listen(Number(process.env.PORT ?? 5173), () =>
  console.log(`http://localhost:${server.address().port}`),
);
