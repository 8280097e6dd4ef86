import { SETTINGS } from '../config/config.ts';

/** A call of the command line that can not be understood. */
export class UsageError extends Error {}

/** The text of `--help`. */
export function usage(): string {
  const settings = Object.entries(SETTINGS).map(([name, { doc }]) => `  ${name.padEnd(31)}${doc}`);
  return `netbuild-realtime: what a process engine commits, on every screen that may see it

  netbuild-realtime serve [--port N] [--host H] [--data-dir D]
      the gateway; everything else by environment
  netbuild-realtime serve --dev
      no engine needed: a sample workstream plays, with two users to log in as
  netbuild-realtime token --user U --domain D [--groups a,b] [--ttl SECONDS]
      prints a token, signed with JWT_SECRET (default: for one hour)
  netbuild-realtime revoke --user U | --token ID | --before TIME [--domain D] [--url http://HOST:PORT]
      ends tokens before their time, on every node: of a user (all that were issued so far, or before a time), the one
      of an id (its jti; the token itself will do), or all in the domain that were issued before a time (now, an ISO
      time, or epoch seconds); asks a running gateway with PUBLISH_KEY
  netbuild-realtime erase --user U | --message ID | --room R [--domain D] [--url http://HOST:PORT]
      nothing is left of a message, of all that a room shows, or of a person: what they have said and asked goes, their
      name goes from all else, and their tokens end; asks a running gateway with PUBLISH_KEY
  netbuild-realtime publisher-key [--name N] [--types a,b:*] [--sources a,b] [--domains a,b]
      makes a key for a publisher: the key, its SHA-256, and the entry for PUBLISHERS that binds it
  netbuild-realtime dead-letters [list] [--url http://HOST:PORT]
      what a running gateway could not take of an engine, or deliver to a subscription, oldest first; asks it with
      PUBLISH_KEY
  netbuild-realtime dead-letters show N…
      all of it, as JSON
  netbuild-realtime dead-letters replay N… | --all
      takes it again with what this version of the gateway knows, or sends it to its subscription again; what enters,
      or arrives, is no dead letter any more
  netbuild-realtime dead-letters drop N…
      nothing of it is left
  netbuild-realtime subscriptions [list] [--url http://HOST:PORT]
      the services that a running gateway tells what the log says, and how far each has come; asks it with PUBLISH_KEY
  netbuild-realtime subscriptions resume NAME…
      goes on with one whose receiver had said that it wants no more (410)

Environment:
${settings.join('\n')}
`;
}
