import { SETTINGS } from '../config/config.ts';

/** A call of the command line that can not be understood. */
export class UsageError extends Error {}

/** The text of `--help`. */
export function usage(): string {
  const settings = Object.entries(SETTINGS).map(([name, { doc }]) => `  ${name.padEnd(18)}${doc}`);
  return `netbuild-realtime: what a process engine commits, on every screen that may see it

  netbuild-realtime serve [--port N] [--host H] [--data-dir D]
      the gateway; everything else by environment
  netbuild-realtime serve --dev
      no engine needed: a sample workstream plays, with two users to log in as
  netbuild-realtime token --user U --domain D [--groups a,b] [--ttl SECONDS]
      prints a token, signed with JWT_SECRET (default: for one hour)

Environment:
${settings.join('\n')}
`;
}
