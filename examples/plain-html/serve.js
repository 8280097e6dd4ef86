// Any web server does that gives out these two files; this one needs no package.
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const files = {
  '/': ['text/html', './index.html'],
  '/netbuild-realtime.js': ['text/javascript', '@netbuild/realtime-client/browser'],
};

const server = createServer(({ url }, response) => {
  const [type, file] = files[url] ?? [];
  if (!file) return response.writeHead(404).end();
  response.setHeader('content-type', `${type}; charset=utf-8`);
  createReadStream(fileURLToPath(import.meta.resolve(file))).pipe(response);
});

server.listen(Number(process.env.PORT ?? 5173), () =>
  console.log(`http://localhost:${server.address().port}`),
);
