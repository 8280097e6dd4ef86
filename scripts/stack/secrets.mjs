import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Secrets of one folder of data: made once, kept beside it, for its owner's eyes. */
export function secretsIn(dir) {
  const file = path.join(dir, 'secrets.json');
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const secrets = {
    jwtSecret: random(),
    publishKey: random(),
    enginePassword: random(),
    webhookSecret: `whsec_${randomBytes(32).toString('base64')}`,
    // Typed by hand and printed anyway: it guards a demo on the loopback interface.
    demoPassword: `demo-${randomInt(1000, 10_000)}`,
    // A folder of an earlier version has some of them.
    ...kept,
  };
  mkdirSync(dir, { recursive: true });
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}

const random = () => randomBytes(32).toString('base64url');
