import { KINDS, kindOf } from './kinds.mjs';

/** The exports of a page by their kinds, each group under its heading. */
export function groupsOf(entries) {
  return KINDS.map(([kind, heading]) => ({
    heading,
    members: entries.filter((entry) => entry.declared && kindOf(entry) === kind),
  })).filter(({ members }) => members.length > 0);
}

/** The anchor of each name on a page, as GitHub makes them: what differs only in the case of letters is counted. */
export function anchorsOf({ title, entries }) {
  const counts = new Map();
  const anchors = new Map();
  const add = (name, text = name) => {
    const slug = text
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-');
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    anchors.set(name, count === 0 ? slug : `${slug}-${count}`);
  };
  add('', title);
  for (const { heading, members } of groupsOf(entries)) {
    add(`# ${heading}`, heading);
    for (const { name } of members) add(name);
  }
  return anchors;
}
