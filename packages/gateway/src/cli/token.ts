import { parseArgs } from 'node:util';
import { createSharedSecret } from '../auth/shared-secret.ts';
import { SETTINGS } from '../config/config.ts';
import { UsageError } from './usage.ts';

/** `token`: mints a token with `JWT_SECRET`. */
export async function token(args: string[], environment: NodeJS.ProcessEnv): Promise<string> {
  const { values } = parseArgs({
    args,
    options: {
      user: { type: 'string' },
      domain: { type: 'string' },
      groups: { type: 'string', default: '' },
      ttl: { type: 'string', default: '3600' },
    },
  });
  if (!values.user) throw new UsageError('--user is missing: whose token is it?');
  if (!values.domain)
    throw new UsageError('--domain is missing: which tenant is it for? (the default one is "default")');
  const ttl = Number(values.ttl);
  if (!Number.isInteger(ttl) || ttl <= 0)
    throw new UsageError('--ttl must be a whole number of seconds above 0.');
  const secret = SETTINGS.JWT_SECRET.schema.safeParse(environment.JWT_SECRET);
  if (!secret.data)
    throw new UsageError('JWT_SECRET must be set, with at least 32 bytes: the same as the gateway has.');
  const groups = values.groups
    .split(',')
    .map((group) => group.trim())
    .filter(Boolean);
  return createSharedSecret(secret.data).mint({ userId: values.user, domainId: values.domain, groups }, ttl);
}
