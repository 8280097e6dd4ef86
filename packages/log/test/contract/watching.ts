import { expect, test, vi } from 'vitest';
import type { Entry } from '../../src/index.ts';
import { event, everything, group, seqsOf, upTo } from './samples.ts';
import type { Current } from './subject.ts';

export function watching(current: Current): void {
  test('a watcher hears of a write before its append is answered', async () => {
    const { log } = current;
    const order: string[] = [];
    log.watch((domain, entries, epoch) => order.push(`${domain} ${seqsOf(entries)} ${epoch}`));
    const { epoch } = await log.append('acme', [group([event('a'), event('b')])]).then((appended) => {
      order.push('answered');
      return appended;
    });
    expect(order).toEqual([`acme 1,2 ${epoch}`, 'answered']);
  });

  test('a watcher hears the same entries as a reader, in order, domain by domain', async () => {
    const { log } = current;
    const heard = new Map<string, Entry[]>();
    log.watch((domain, entries) => heard.set(domain, [...(heard.get(domain) ?? []), ...entries]));
    const domains = ['acme', 'other', 'third'];
    await Promise.all(
      upTo(90).map((n) => log.append(domains[n % 3]!, [group([event(`${n}`), event('all')])])),
    );
    for (const domain of domains) {
      expect(heard.get(domain)).toEqual(await everything(log, domain));
      expect(seqsOf(heard.get(domain)!)).toEqual(upTo(60));
    }
  });

  test('a watcher is never called for nothing', async () => {
    const { log } = current;
    const watcher = vi.fn();
    log.watch(watcher);
    const known = group([event('a')]);
    await log.append('acme', [known]);
    await log.append('acme', [known, group([]), group([event('b')], [{ subject: 'task/b', seq: 4 }])]);
    await log.append('acme', []);
    await log.head('other');
    expect(watcher).toHaveBeenCalledTimes(1);
  });

  test('a watcher that throws harms neither the append nor the other watchers', async () => {
    const { log } = current;
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const [before, after] = [vi.fn(), vi.fn()];
    log.watch(before);
    log.watch(() => {
      throw new Error('a bug');
    });
    log.watch(after);
    expect(await log.append('acme', [group([event('a')])])).toMatchObject({ seq: 1 });
    expect([before.mock.calls.length, after.mock.calls.length]).toEqual([1, 1]);
    warned.mockRestore();
  });

  test('a watcher that stopped hears no more, and may stop while it is called', async () => {
    const { log } = current;
    const other = vi.fn();
    const once = vi.fn(() => stop());
    const stop = log.watch(once);
    log.watch(other);
    await log.append('acme', [group([event('a')])]);
    await log.append('acme', [group([event('a')])]);
    stop();
    expect([once.mock.calls.length, other.mock.calls.length]).toEqual([1, 2]);
  });
}
