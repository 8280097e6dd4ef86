import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { installPackages } from '../../scripts/lib/debian.mjs';
import { start } from '../../scripts/lib/processes.mjs';

const CONFIG = ({ port, servers, folder }) => `
daemon off;
user root;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
worker_shutdown_timeout 10s;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  upstream gateways {
    hash $remote_addr consistent;
${servers.map((to) => `    server 127.0.0.1:${to} max_fails=1 fail_timeout=1s;`).join('\n')}
    keepalive 64;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://gateways;
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_buffering off;
      proxy_connect_timeout 2s;
      proxy_read_timeout 60s;
    }
  }
}
`;

/** A real nginx before several servers, which sends each address to the same one as long as it is there. */
export async function openEdge({ port, servers, folder }) {
  if (spawnSync('nginx', ['-v']).status !== 0) await installPackages('nginx', 'nginx-light');
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/nginx.conf`, CONFIG({ port, servers, folder }));
  const nginx = start('nginx', ['-p', folder, '-e', `${folder}/error.log`, '-c', `${folder}/nginx.conf`], {
    name: 'nginx',
  });
  return {
    plays: {
      /** As after a change of its configuration: new workers, while the old ones finish. */
      'nginx-reload': async () => process.kill(nginx.pid, 'SIGHUP'),
    },
    end: () => nginx.stop(),
  };
}
