import { expect, test, vi } from 'vitest';
import { MAX_WORD } from '../../src/index.ts';
import { soon } from '../soon.ts';
import { event, everything, group } from './samples.ts';
import type { Current } from './subject.ts';

export function casting(current: Current): void {
  test('a word is heard by whoever hears, once, in order, in its domain, and after who cast it is done', async () => {
    const { log } = current;
    const heard: string[] = [];
    log.hear((domain, text) => heard.push(`${domain} ${text}`));
    for (const text of ['1', '2', 'with\nlines\uffff', '\ud800 alone']) log.cast('acme', text);
    log.cast('other', '');
    expect(heard).toEqual([]);
    await soon(() => expect(heard).toHaveLength(5));
    // What else is on its way back has come by then.
    await log.append('acme', [group([event('a')])]);
    expect(heard).toEqual(['acme 1', 'acme 2', 'acme with\nlines\uffff', 'acme \ud800 alone', 'other ']);
  });

  test('a word leaves nothing in the log', async () => {
    const { log } = current;
    log.cast('acme', '{"type":"typing"}');
    expect(await everything(log, 'acme')).toEqual([]);
    expect(await log.domains()).toEqual([]);
    expect((await current.stored()).includes('typing')).toBe(false);
  });

  test('who hears no more is not told; who throws harms nobody', async () => {
    const { log } = current;
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const [once, after] = [vi.fn(() => stop()), vi.fn()];
    log.hear(() => {
      throw new Error('a bug');
    });
    const stop = log.hear(once);
    log.hear(after);
    log.cast('acme', '1');
    log.cast('acme', '2');
    await soon(() => expect(after).toHaveBeenCalledTimes(2));
    expect(once).toHaveBeenCalledTimes(1);
    warned.mockRestore();
  });

  test('a word without a domain, or one that is too long, is refused', () => {
    const { log } = current;
    expect(() => log.cast('', 'x')).toThrow(expect.objectContaining({ code: 'misused' }));
    expect(() => log.cast('acme', 'x'.repeat(MAX_WORD + 1))).toThrow(
      expect.objectContaining({ code: 'misused' }),
    );
  });
}
