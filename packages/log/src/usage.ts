import type { Group, Limit, NewEvent, Read, Retention } from './log.ts';
import { LogError } from './log-error.ts';
import type { LogOptions } from './options.ts';

/** Refuses a domain without a name. */
export function checkDomain(domain: string): void {
  checkName(domain, 'the domain');
}

/** Refuses groups that the interface does not allow, before any of them is sent to the storage. */
export function checkGroups(groups: readonly Group[]): void {
  checkList(groups, 'the groups');
  groups.forEach((group, index) => {
    const what = `group ${index}`;
    checkName(group.key, `the key of ${what}`);
    if (group.digest !== undefined && typeof group.digest !== 'string') {
      throw misused(`the digest of ${what} is no text`);
    }
    if (group.life !== undefined) checkName(group.life, `the life of ${what}`);
    checkList(group.reads, `the reads of ${what}`);
    for (const read of group.reads) checkRead(read, index, groups);
    checkList(group.events, `the events of ${what}`);
    group.events.forEach((event, n) => {
      checkEvent(event, `event ${n} of ${what}`);
    });
    if (group.erases !== undefined) checkErases(group.erases, what);
  });
}

/** Refuses options that make no sense. */
export function checkOptions({ keepKeys, schema }: LogOptions): void {
  if (keepKeys !== undefined) checkNumber(keepKeys, 1, '`keepKeys`');
  if (schema) checkNumber(schema.version, 1, 'the version of the schema');
}

/** Refuses a list that is none, or names something empty. */
export function checkNames(names: readonly string[], what: string): void {
  checkList(names, what);
  for (const name of names) checkName(name, `one of ${what}`);
}

/** Refuses an empty name, or one that is no text. */
export function checkName(name: unknown, what: string): void {
  if (typeof name !== 'string' || name === '') throw misused(`${what} is empty or no text`);
}

/** Refuses what is no whole number, or one below `least`. */
export function checkNumber(value: number, least: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw misused(`${what} must be a whole number from ${least}, and is ${String(value)}`);
  }
}

/** Refuses a retention that is none. */
export function checkRetention({ events, waiting, ended, lasting = [] }: Retention): void {
  checkLimit(events, 'the retention of events');
  checkLimit(waiting, 'the waiting for readers');
  if (ended !== undefined) checkNumber(ended, 0, 'the age of ended rows');
  checkNames(lasting, 'what lasts');
}

function checkLimit({ age, count }: Limit = {}, what: string): void {
  if (age !== undefined) checkNumber(age, 0, `the age in ${what}`);
  if (count !== undefined) checkNumber(count, 0, `the count in ${what}`);
}

function checkRead(read: Read, index: number, groups: readonly Group[]): void {
  const what = `a read of group ${index}`;
  checkName(read.subject, `the subject of ${what}`);
  if (!('group' in read)) {
    checkNumber(read.seq, 0, `the seq of ${what}`);
    return;
  }
  checkNumber(read.group, 0, `the group of ${what}`);
  if (read.group >= index) {
    throw misused(`${what} names group ${read.group}, which is not earlier`);
  }
  if (!groups[read.group]!.events.some((event) => event.subject === read.subject)) {
    throw misused(`${what} names group ${read.group}, which does not write ${read.subject}`);
  }
}

function checkErases(erases: readonly (string | number)[], what: string): void {
  checkList(erases, `what is erased by ${what}`);
  for (const erased of erases) {
    if (typeof erased === 'number') checkNumber(erased, 1, `the seq of what is erased by ${what}`);
    else checkName(erased, `one of the subjects that are erased by ${what}`);
  }
}

function checkEvent(event: NewEvent, what: string): void {
  if (event.subject !== undefined) checkName(event.subject, `the subject of ${what}`);
  checkNames(event.rooms, `the rooms of ${what}`);
  checkNames(event.left, `the left rooms of ${what}`);
  if (typeof event.open !== 'boolean') throw misused(`${what} does not say whether its row is open`);
  // Not parsed: that would cost more than all the rest, and whoever publishes has just written it.
  const { body } = event;
  if (typeof body !== 'string' || !body.startsWith('{') || !body.endsWith('}') || body.length < 2) {
    throw misused(`the body of ${what} is not the JSON text of an object`);
  }
}

function checkList(list: unknown, what: string): void {
  if (!Array.isArray(list)) throw misused(`${what} are no list`);
}

function misused(message: string): LogError {
  return new LogError('misused', message);
}
