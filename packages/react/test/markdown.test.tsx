// @vitest-environment happy-dom
import { cleanup, render } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { renderMarkdown } from '../src/chat/markdown.tsx';

afterEach(cleanup);

function shown(text: string): HTMLElement {
  return render(<div>{renderMarkdown(text) ?? <p>{text}</p>}</div>).container
    .firstElementChild as HTMLElement;
}

describe('Markdown', () => {
  test('is shown as what it means, and lines are kept as they were written', () => {
    const html = shown(
      '# Plan\nfirst\nsecond **bold** *em* ~~gone~~ `a < b`\n\n- one\n- [x] two\n\n> said\n\n```js\nlet a = "<b>";\n```\n\n| a | b |\n|---|---|\n| 1 | **2** |',
    ).innerHTML;
    expect(html).toContain('<p><strong>Plan</strong></p>');
    expect(html).toContain(
      'first<br>second <strong>bold</strong> <em>em</em> <del>gone</del> <code>a &lt; b</code>',
    );
    expect(html).toContain('<blockquote><p>said</p></blockquote>');
    expect(html).toContain('<pre><code>let a = "&lt;b&gt;";</code></pre>');
    expect(html).toMatch(/<li>one<\/li><li>☑ .*two<\/li>/);
    expect(html).toMatch(/<th>a<\/th>.*<td><strong>2<\/strong><\/td>/);
  });

  test('never becomes HTML of the page', () => {
    for (const hostile of [
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      'a <b onclick="alert(1)">b</b> **c**',
      '<!-- <script>alert(1)</script> -->',
      '<svg/onload=alert(1)>\n\n**x**',
      '`</code><script>alert(1)</script>`',
      '```\n</pre><script>alert(1)</script>\n```',
      '[a]: <javascript:alert(1)>\n\n<iframe srcdoc="x">',
      '| <script>1</script> |\n|---|\n| <img src=x> |',
    ]) {
      const root = shown(hostile);
      const tags = [...root.querySelectorAll('*')].map(({ localName }) => localName);
      expect(tags.filter((tag) => !/^(p|pre|code|strong|br|table|thead|tbody|tr|th|td)$/.test(tag))).toEqual(
        [],
      );
      expect([...root.querySelectorAll('*')].flatMap((one) => [...one.attributes])).toEqual([]);
      // Nothing is swallowed either: whoever looks sees that somebody has tried.
      const left = hostile.replaceAll(/[\s`*|-]/g, '');
      expect(root.textContent.replaceAll(/[\s|-]/g, '')).toBe(left);
    }
  });

  test('links lead to http, https and mailto alone, and take nothing along', () => {
    for (const text of [
      '[a](https://example.com/x?y=1)',
      'see https://example.com',
      '<http://example.com>',
      '[m](mailto:a@example.com)',
      'www.example.com',
    ]) {
      const links = [...shown(text).querySelectorAll('a')];
      expect(links).toHaveLength(1);
      expect(links[0]!.getAttribute('href')).toMatch(/^(https?|mailto):/);
      expect(links[0]!.getAttribute('rel')).toBe('noopener noreferrer nofollow');
      expect(links[0]!.getAttribute('target')).toBe('_blank');
      cleanup();
    }
    for (const href of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      ' javascript:alert(1)',
      'java\\script:alert(1)',
      'javascript&colon;alert(1)',
      '&#106;avascript:alert(1)',
      'data:text/html,<script>alert(1)</script>',
      'vbscript:x',
      'file:///etc/passwd',
      'blob:https://x/1',
      '//example.com/x',
      '/relative',
      '\u0001javascript:alert(1)',
    ]) {
      for (const text of [
        `[a](${href})`,
        `[a](<${href}>)`,
        `![a](${href})`,
        `[a][1]\n\n[1]: ${href}`,
        `<${href}>`,
      ]) {
        const root = shown(text);
        for (const link of root.querySelectorAll('a')) {
          // What is taken for a link all the same is one to a page by its name.
          expect(new URL(link.getAttribute('href')!).protocol).toMatch(/^(https?|mailto):$/);
        }
        expect(root.querySelectorAll('img, iframe, script')).toHaveLength(0);
        cleanup();
      }
    }
  });

  test('an image is a link, so that nobody far away learns who reads', () => {
    const root = shown('![a cat](https://example.com/cat.png)');
    expect(root.querySelector('img')).toBeNull();
    expect(root.querySelector('a')?.textContent).toBe('a cat');
  });

  test('hostile texts of 16 KB are shown soon, as they are where they are no prose', () => {
    const bombs = [
      '*',
      '_',
      '**',
      '*a **b ',
      'a*',
      '*a',
      '__a_',
      '*a_b',
      '*_',
      '[',
      '[a](',
      '![',
      '![a](',
      '[a][',
      '> ',
      '>',
      '- ',
      '1. ',
      '> - ',
      '`',
      '`a``',
      '~~a',
      '<',
      '<a ',
      '<!--',
      '\\',
      '| a ',
      '- a\n  ',
      '    a\n',
      'x',
      ' ',
      '\n\n',
      'http://',
      'a@b.',
      'www.',
      '&',
      '# ',
      '[a]: ',
      '*\n',
    ];
    let slowest = 0;
    // As they come, and with as many marks as are taken apart at all.
    for (const bomb of bombs)
      for (const times of [16_384, 1000]) {
        const text = (bomb.repeat(times / bomb.length) + 'x'.repeat(16_384)).slice(0, 16_384);
        const before = process.cpuUsage();
        renderMarkdown(text);
        const { user, system } = process.cpuUsage(before);
        slowest = Math.max(slowest, (user + system) / 1000);
      }
    // Without a bound it is seconds, or the end of the stack.
    expect(slowest).toBeLessThan(500);
  });
});
