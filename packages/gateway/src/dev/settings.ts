import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** People of the sample workstream. Their passwords are no secret: the gateway listens on loopback, to a sample. */
export const SAMPLE_USERS = ['alice', 'bob'].map((user) => ({
  user,
  password: `${user}-dev`,
  groups: ['developers', 'leads'],
  // One sees what goes on in the whole place, and the other one what they take part in.
  roles: user === 'alice' ? ['operations'] : [],
}));

/** What `serve --dev` sets where the environment is silent: nothing has to be prepared, and nothing stays behind. */
export function developmentSettings(): Record<string, string> {
  const app = fileURLToPath(new URL('../../../../apps/workstream/dist', import.meta.url));
  const directory = mkdtempSync(join(tmpdir(), 'netbuild-realtime-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  return {
    JWT_SECRET: randomBytes(32).toString('hex'),
    DATA_DIR: directory,
    USERS: JSON.stringify(SAMPLE_USERS),
    LOG_LEVEL: 'warn',
    // They would stand in the terminal between what is to be read there.
    AUDIT: 'off',
    ...(existsSync(app) ? { APP_DIR: app } : {}),
  };
}
