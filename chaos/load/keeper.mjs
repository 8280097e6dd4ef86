import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What a publisher keeps of the facts that were acknowledged: each for as long as its acknowledgement said (`settle`),
 * and until a later answer has named the same life of the log. An answer that names another one means that all of it
 * is to be sent again, in order.
 *
 * @param {{ epoch: () => Promise<{ epoch: string, sent: number }> }} post
 */
export function createKeeper(post) {
  let kept = [];
  let life;

  /** @returns whether the life is another one */
  function hear({ epoch, sent }) {
    const isOther = life !== undefined && epoch !== life;
    life = epoch;
    if (!isOther) kept = kept.filter(({ until }) => until > sent);
    return isOther && kept.length > 0;
  }

  return {
    /** Keeps a fact; answers whether all that was kept before it is to be sent again. */
    keep(item, answer) {
      const isOther = hear(answer);
      kept.push({ item, until: until(answer) });
      return isOther;
    },
    /** @param {(item: object) => Promise<{ epoch: string, settle: number, sent: number }>} send */
    async sendAgain(send) {
      for (let i = 0; i < kept.length; i++) {
        const answer = await send(kept[i].item);
        kept[i].until = until(answer);
        if (answer.epoch === life) continue;
        // Another one yet: what was sent again so far may be lost as well.
        life = answer.epoch;
        i = -1;
      }
    },
    /** Waits until nothing needs to be kept any more; answers false where all of it is to be sent again. */
    async settled() {
      while (kept.length > 0) {
        await sleep(Math.max(0, ...kept.map((one) => one.until - Date.now())) + 1);
        if (hear(await post.epoch())) return false;
      }
      return true;
    },
  };
}

/** From when on the storage can not lose it any more, by our clock: it was written after it was sent. */
const until = ({ settle = 0 }) => (settle > 0 ? Date.now() + settle : 0);
