import { parseArgs } from 'node:util';
import { decodeJwt } from 'jose';
import { issuedByNow } from '../auth/revocations.ts';
import { asker } from './asking.ts';
import { UsageError } from './usage.ts';

/** `revoke`: ends tokens before their time, by a running gateway, with `PUBLISH_KEY`. */
export async function revoke(args: string[], environment: NodeJS.ProcessEnv): Promise<string> {
  const { values } = parseArgs({
    args,
    options: {
      user: { type: 'string' },
      token: { type: 'string' },
      before: { type: 'string' },
      domain: { type: 'string' },
      url: { type: 'string' },
    },
  });
  const { user, token, before, domain, url } = values;
  if ((user ?? token ?? before) === undefined)
    throw new UsageError('Which ones? Say --user, --token, or --before.');
  const ask = asker('/v1/revocations', url, environment);
  const answer = await ask<{ domain: string; before?: number }>('POST', '', {
    ...(domain && { domain }),
    ...(user && { user }),
    ...(token && { token: idOf(token) }),
    ...(before && { before: secondsOf(before) }),
  });
  const until = answer.before === undefined ? '' : new Date(answer.before * 1000).toISOString();
  const what =
    token === undefined
      ? `${user === undefined ? 'all tokens' : `the tokens of ${user}`} that were issued before ${until}`
      : `the token ${idOf(token)}`;
  return `revoked: ${what}, in the domain ${answer.domain}`;
}

/** The id of a token; whoever has the token itself need not look for it. */
function idOf(token: string): string {
  if (token.split('.').length !== 3) return token;
  let id: string | undefined;
  try {
    id = decodeJwt(token).jti;
  } catch {
    return token;
  }
  if (id === undefined)
    throw new UsageError('This token has no id (jti): revoke those of its user, or all before a time.');
  return id;
}

function secondsOf(time: string): number {
  if (time === 'now') return issuedByNow();
  const seconds = /^\d+$/.test(time) ? Number(time) : Math.ceil(Date.parse(time) / 1000);
  if (!Number.isSafeInteger(seconds))
    throw new UsageError(`${time} is no time: say now, an ISO time, or epoch seconds.`);
  return seconds;
}
