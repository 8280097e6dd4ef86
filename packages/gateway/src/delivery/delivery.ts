import type { Log } from '@netbuild/realtime-log';
import { type Audience, createAudience } from './audience.ts';
import { createTail, type Tail } from './tail.ts';

/** One domain as this node serves it. */
export interface Channel {
  audience: Audience;
  tail: Tail;
  /** Looks out for the event that names a command, from now on. */
  effectOf(commandId: string): Effect;
}

/** The effect of a command, that may come. */
export interface Effect {
  /** Its position, or `undefined` if it has not come within so many milliseconds. */
  within(milliseconds: number): Promise<number | undefined>;
  /** Looks out no longer. */
  stop(): void;
}

/** From the log to who is in the rooms. */
export interface Delivery {
  /** The domain's channel, opened at the first call. */
  channel(domain: string): Promise<Channel>;
  close(): void;
}

/** Makes the delivery of one node. */
export function createDelivery(log: Log): Delivery {
  const channels = new Map<string, Promise<Channel>>();

  async function open(domain: string): Promise<Channel> {
    const audience = createAudience();
    const effects = new Map<string, (seq: number) => void>();
    const tail = await createTail(log, domain, (entries, epoch) => {
      audience.deliver(entries, epoch);
      if (effects.size === 0) return;
      for (const entry of entries) {
        // The command's own rows name it too; what is waited for is seen by somebody.
        if (entry.subject?.startsWith('command/')) continue;
        const { commandId } = JSON.parse(entry.body) as { commandId?: string };
        if (commandId !== undefined) effects.get(commandId)?.(entry.seq);
      }
    });
    return {
      audience,
      tail,
      effectOf(commandId) {
        const seen = new Promise<number>((resolve) => effects.set(commandId, resolve));
        return {
          within(milliseconds) {
            const timer = Promise.withResolvers<undefined>();
            const timeout = setTimeout(timer.resolve, milliseconds, undefined);
            return Promise.race([seen, timer.promise]).finally(() => clearTimeout(timeout));
          },
          stop: () => effects.delete(commandId),
        };
      },
    };
  }

  return {
    channel(domain) {
      let channel = channels.get(domain);
      if (!channel) {
        channel = open(domain);
        channels.set(domain, channel);
        // A log that could not be read is asked again at the next call.
        channel.catch(() => channels.delete(domain));
      }
      return channel;
    },
    close() {
      for (const channel of channels.values())
        channel.then(({ tail }) => tail.close()).catch(() => undefined);
    },
  };
}
