import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeReference, staleFiles, writeReference } from '../scripts/docs/files.mjs';
import { gapsOf } from '../scripts/docs/gaps.mjs';
import { ROOT } from '../scripts/lib/paths.mjs';

const CLIENT = `
import type { Room } from '@netbuild/realtime-protocol';

/**
 * Greets a room, as \`<h1>\` or <h2>.
 *
 * @param name of the {@link Greeting}
 * @throws {TypeError} where nobody is there,
 *   not even we
 * @example
 * import { greet } from '@netbuild/realtime-client';
 * if (await greet('lobby')) return <Hello />;
 */
export async function greet(name: Room, times = 1): Promise<Greeting> {
  return { name, times };
}

/** What was said. */
export interface Greeting {
  /** To whom. */
  readonly name: Room;
  /**
   * Says it again.
   *
   * @example greeting.again(2);
   */
  again(
    times: number, // as often
  ): void;
}

/** A greeter, with a state of its own. */
export class Greet {
  #times = 0;
  /** How often it did. */
  get times(): number { return this.#times; }
  private hide(): void {}
}
`;
const PROTOCOL = `
/** A room. */
export type Room = string & Kept;
/** What it is kept by. */
export interface Kept { keeper?: string }
/** Named by nobody. */
export type Unused = 1;
`;

/** Packages as they lie in the project, with these sources. */
function packagesOf(sources) {
  const root = mkdtempSync(path.join(tmpdir(), 'reference-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [folder, text] of Object.entries({ client: CLIENT, protocol: PROTOCOL, ...sources })) {
    const name = `@netbuild/realtime-${folder}`;
    mkdirSync(path.join(root, 'packages', folder, 'src'), { recursive: true });
    const manifest = { name, description: `The ${folder}`, exports: { '.': './src/index.ts' } };
    writeFileSync(path.join(root, 'packages', folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(path.join(root, 'packages', folder, 'src/index.ts'), text);
  }
  return root;
}

const gapsIn = (sources) => gapsOf(makeReference(packagesOf(sources), Object.keys(sources)).reference);

test('the reference tells of an export how it is called, what its comment says, and where what it names is told', () => {
  const { files } = makeReference(packagesOf({}), ['client']);
  const page = files.get('client.md');
  expect(page).toContain('- Functions: [greet](#greet)\n- Classes: [Greet](#greet-1)\n- Types: [Greeting]');
  expect(page).toContain(`### greet

\`\`\`ts
function greet(name: Room, times = 1): Promise<Greeting>
\`\`\`

Greets a room, as \`<h1>\` or &lt;h2>.

- \`name\`: of the [\`Greeting\`](#greeting)
- Throws: \`TypeError\`, where nobody is there,
  not even we

\`\`\`tsx
import { greet } from '@netbuild/realtime-client';
if (await greet('lobby')) return <Hello />;
\`\`\`

See [\`Room\`](protocol.md#room), [\`Greeting\`](#greeting); [source](../../packages/client/src/index.ts).
`);
  expect(page).toContain(
    '- `readonly name: Room`: To whom.\n- `again(times: number): void`\n\n  Says it again.',
  );
  expect(page).toContain('- `get times(): number`: How often it did.');
  expect(page).not.toContain('hide');
});

test('of the protocol it tells what the others name, and what that names', () => {
  const page = makeReference(packagesOf({}), ['client']).files.get('protocol.md');
  expect(page).toContain('### Room');
  expect(page).toContain('### Kept');
  expect(page).not.toContain('Unused');
});

test('what is exported of another package is told there', () => {
  const react = "export { greet, type Greeting } from '@netbuild/realtime-client';";
  const { files } = makeReference(packagesOf({ react }), ['client', 'react']);
  expect(files.get('react.md')).toContain('Told in full [with its package](client.md#greet)');
  expect(files.get('react.md')).not.toContain('function greet');
});

test('a committed page that the source no longer makes, is missing, or that nothing makes, is noticed', () => {
  const root = packagesOf({});
  const stale = () => staleFiles(root, makeReference(root, ['client']).files);
  expect(stale()).toEqual(['client.md', 'protocol.md', 'README.md']);
  writeReference(root, ['client']);
  expect(stale()).toEqual([]);

  writeFileSync(
    path.join(root, 'packages/client/src/index.ts'),
    CLIENT.replace('What was said.', 'What is said.'),
  );
  expect(stale()).toEqual(['client.md']);
  writeFileSync(path.join(root, 'docs/api/old.md'), '# Old');
  expect(stale()).toEqual(['client.md', 'old.md']);
  writeReference(root, ['client']);
  expect(stale()).toEqual([]);
});

test('an export without a doc comment is noticed, and one that does something without an example', () => {
  const code = `
export const bare = 1;
/** Said. */
export const said = 1;
/** Does. @example does not count here */
export const does = (): void => {};
/** @throws without a word of what it does */
export class Thrown {}
/** A type needs no example. */
export type Shape = string;
/**
 * Shown.
 * @example shown();
 */
export function shown(): void {}
`;
  const shown = (folder) => gapsIn({ [folder]: code });
  expect(shown('client')).toEqual([
    'bare of @netbuild/realtime-client has no doc comment',
    'does of @netbuild/realtime-client has no @example',
    'Thrown of @netbuild/realtime-client has no doc comment',
    'Thrown of @netbuild/realtime-client has no @example',
  ]);
  // Programs are not written with the engine's side alone: of it words are enough.
  expect(shown('engine')).toEqual([
    'bare of @netbuild/realtime-engine has no doc comment',
    'Thrown of @netbuild/realtime-engine has no doc comment',
  ]);
});

test('an example that is no code is noticed', () => {
  const code = `
/**
 * Cut short.
 * @example if (cut) …
 */
export function cut(): void {}
/**
 * Given a value.
 * @example { shown: <b>yes</b> }
 */
export function given(): void {}
/**
 * To be added to.
 * @example
 * declare module '@netbuild/realtime-client' {
 *   interface Added { more: string }
 * }
 */
// A word to a linter.
export interface Added {}
/**
 * Put on a page.
 * @example <b>yes</b> or no
 */
export function put(): void {}
`;
  expect(gapsIn({ client: code })).toEqual([
    expect.stringMatching(/^cut of @netbuild\/realtime-client has an @example that is no code: /),
  ]);
});

test('the project’s own reference is the same each time, and each package is in it', () => {
  const { files } = makeReference(ROOT);
  expect(makeReference(ROOT).files).toEqual(files);
  for (const name of ['client', 'react', 'publisher', 'agent', 'gateway', 'engine', 'protocol'])
    expect([...files.keys()]).toContain(`${name}.md`);
});
