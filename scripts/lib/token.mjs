import { createHmac } from 'node:crypto';

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWT (HS256) that lives for `life` seconds, as any identity provider makes it: the suite uses no code of the gateway's own for it. */
export function tokenOf(secret, { user, groups, domain, rooms, life = 86_400 }) {
  const now = Math.floor(Date.now() / 1000);
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: user, domain, groups, rooms, iat: now, exp: now + life })}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}
