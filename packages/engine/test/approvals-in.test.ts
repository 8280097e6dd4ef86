import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { approvalsIn } from '../src/reconcile/approvals.ts';

const MODEL = readFileSync(new URL('models/approvals.bpmn', import.meta.url), 'utf8');

test('a model says which of its user tasks are approvals, by what properties, and which ask several people', () => {
  expect(Object.fromEntries(approvalsIn(MODEL))).toEqual({
    board: { settings: { variable: 'agreed', reasonVariable: 'because' }, isMany: true },
    one: { settings: { reasonRequired: true }, isMany: false },
  });
});

const task = (inner: string) =>
  `<b:definitions xmlns:b="x" xmlns:c="y"><b:process><b:userTask id="t">${inner}</b:userTask></b:process></b:definitions>`;
const properties = (inner: string) =>
  task(`<b:extensionElements><c:properties>${inner}</c:properties></b:extensionElements>`);
const yes = '<c:property name="approval" value="true"/>';

test.each([
  ['whatever its prefixes are', properties(yes), ['t']],
  [
    'with entities and blanks in its values',
    properties('<c:property name="approval" value=" &#116;rue "/>'),
    ['t'],
  ],
  ['not by the properties of something within', task(`<b:x><c:properties>${yes}</c:properties></b:x>`), []],
  ['not by a property of another value', properties('<c:property name="approval" value="false"/>'), []],
  ['not by a property without a value', properties('<c:property name="approval"/>'), []],
  ['not where it is no user task', properties(yes).replaceAll('userTask', 'task'), []],
  ['not by a comment', task(`<!-- "approval" ${yes} -->`), []],
  ['as far as a broken model can be read', `${properties(yes)}<`, ['t']],
  ['not by no model', '"approval"', []],
])('a user task is an approval %s', (_how, xml, ids) => {
  expect([...approvalsIn(xml).keys()]).toEqual(ids);
});

test('an external entity is not fetched, and none is multiplied', () => {
  const bomb =
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>';
  const xml = bomb + properties(`${yes}<c:property name="approvalVariable" value="&b;&c;"/>`);
  expect(approvalsIn(xml).get('t')?.settings).toEqual({ variable: '&b;&c;' });
});
