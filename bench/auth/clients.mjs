import { serveParent } from '../../scripts/lib/child.mjs';
import { tokenOf } from '../../scripts/lib/token.mjs';
import { openWire } from '../users/wire.mjs';

serveParent({
  /** Makes connections, some at a time, each with a token of its own; answers how long all of them took. */
  async run({ port, secret, count, atOnce, first }) {
    const tokens = Array.from({ length: count }, (_, n) =>
      tokenOf(secret, { user: `user-${first + n}`, groups: ['a', 'b'], domain: 'bench' }),
    );
    let refused = 0;
    const shake = (token) =>
      new Promise((resolve) => {
        const wire = openWire(
          port,
          { token },
          {
            event(name) {
              if (name !== 'connect') return;
              wire.close();
              resolve();
            },
            answer() {},
            end() {
              refused++;
              resolve();
            },
          },
        );
      });
    const begun = performance.now();
    const work = async () => {
      for (let token = tokens.pop(); token; token = tokens.pop()) await shake(token);
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return { seconds: (performance.now() - begun) / 1000, refused };
  },
});
