// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest';
import {
  type Book,
  EMPTY,
  unseen,
  withMessage,
  withoutErased,
  withSeen,
  withTasks,
} from '../src/notices/book.ts';
import { forgetBook, keptBook } from '../src/notices/kept-book.ts';
import { said, taskRow } from './rows.ts';

afterEach(() => localStorage.clear());

const BEGUN: Book = withTasks(EMPTY, [], 'alice');
const mine = (taskId: string, by = 'bob') => taskRow(taskId, { assignee: 'alice', by, executionId: 'e1' });
const what = (book: Book) => unseen(book).map((notice) => notice.what);

test('a person is told once of a task that somebody gives them', () => {
  const told = withTasks(BEGUN, [mine('t1')], 'alice');
  expect(unseen(told)).toMatchObject([
    { kind: 'task', what: 'Task t1', by: 'bob', executionId: 'e1', taskId: 't1' },
  ]);
  expect(withTasks(told, [mine('t1')], 'alice')).toBe(told);
});

test('what is there at the first look, and what they take themselves, is no news', () => {
  expect(what(withTasks(EMPTY, [mine('t1')], 'alice'))).toEqual([]);
  expect(what(withTasks(BEGUN, [mine('t1', 'alice')], 'alice'))).toEqual([]);
});

test('a task that is theirs no longer is not told of any more, and is news when it comes back', () => {
  const seen = withSeen(withTasks(BEGUN, [mine('t1')], 'alice'), () => true);
  const gone = withTasks(seen, [], 'alice');
  expect(gone.notices).toEqual([]);
  expect(what(withTasks(gone, [mine('t1')], 'alice'))).toEqual(['Task t1']);
});

test('a message names people by its mentions or in its text, and nobody mentions themselves', () => {
  expect(what(withMessage(BEGUN, said('m1', 'Look!', { mentions: ['alice'] }), 'alice'))).toEqual(['Look!']);
  expect(what(withMessage(BEGUN, said('m1', 'Thanks, @Alice.'), 'alice'))).toHaveLength(1);
  expect(what(withMessage(BEGUN, said('m1', 'alice is right'), 'alice'))).toEqual([]);
  expect(what(withMessage(BEGUN, said('m1', '@alice', { userId: 'alice' }), 'alice'))).toEqual([]);
});

test('a message that is heard twice is told once', () => {
  const told = withMessage(BEGUN, said('m1', '@alice?'), 'alice');
  expect(withMessage(told, said('m1', '@alice?'), 'alice')).toBe(told);
  const seen = withSeen(told, () => true);
  expect(what(withMessage(seen, said('m1', '@alice?'), 'alice'))).toEqual([]);
});

test('nothing of what was erased stays in a browser, nor of what was said to who signs out', () => {
  const told = withMessage(BEGUN, said('m1', '@alice?'), 'alice');
  expect(withoutErased(told, ['message/other'])).toBe(told);
  expect(JSON.stringify(withoutErased(told, ['message/m1']))).not.toContain('@alice');
  keptBook('alice').write(() => told);
  forgetBook('alice');
  expect(keptBook('alice').getSnapshot()).toEqual(EMPTY);
});

test('however much happens, the book stays small, and keeps the newest', () => {
  let book = BEGUN;
  for (let n = 0; n < 300; n++)
    book = withMessage(book, said(`m${n}`, `@alice ${n} ${'x'.repeat(500)}`), 'alice');
  expect(book.notices.length).toBe(100);
  expect(JSON.stringify(book).length).toBeLessThan(40_000);
});

test('all tabs of a person have one book, and it outlasts them', () => {
  const [one, other] = [keptBook('alice'), keptBook('alice')];
  one.write((book) => withTasks(book, [], 'alice'));
  one.write((book) => withTasks(book, [mine('t1')], 'alice'));
  // Neither tab undoes what the other one has written meanwhile.
  other.write((book) => withMessage(book, said('m1', '@alice?'), 'alice'));
  expect(what(other.getSnapshot())).toHaveLength(2);
  expect(what(keptBook('alice').getSnapshot())).toHaveLength(2);
  expect(what(keptBook('bob').getSnapshot())).toEqual([]);
});

test('a book that can not be read is a new one', () => {
  localStorage.setItem('netbuild-workstream/notices/alice', '{"notices":');
  expect(keptBook('alice').getSnapshot()).toEqual(EMPTY);
});
