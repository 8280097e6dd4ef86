/// <reference path="../saxen.d.ts" />
import type { TaskData } from '@netbuild/realtime-protocol';
import { Parser } from 'saxen';

/** What a model says of a user task that it makes an approval of. */
export interface ModelledApproval {
  settings: NonNullable<TaskData['approval']>;
  /** A multi-instance asks several people. */
  isMany: boolean;
}

/** The properties, by their names in a model. */
const SETTINGS = { approvalVariable: 'variable', reasonVariable: 'reasonVariable' } as const;

/**
 * The user tasks of a model that are approvals, by their ids: those with a property `approval` that is `true`. By
 * local names, as the plugin reads it: each engine has a namespace of its own beside that of Camunda.
 */
export function approvalsIn(xml: string): Map<string, ModelledApproval> {
  const found = new Map<string, ModelledApproval>();
  // Most models have none, and need no parser.
  if (!/["']approval["']/.test(xml)) return found;
  const path: string[] = [];
  let task: { id: string; properties: Map<string, string>; isMany: boolean; depth: number } | undefined;
  const parser = new Parser();
  parser.on('openTag', (prefixed, attributes, decoded) => {
    const name = localName(prefixed);
    path.push(name);
    if (name === 'userTask') {
      const { id } = attributes();
      if (id !== undefined) task = { id, properties: new Map(), isMany: false, depth: path.length };
    } else if (task && path.length === task.depth + 1 && name === 'multiInstanceLoopCharacteristics') {
      task.isMany = true;
    } else if (task && path.slice(task.depth).join('/') === 'extensionElements/properties/property') {
      const { name: property, value = '' } = attributes();
      const text = decoded(value).trim();
      // Of two of the same name the engine takes the first.
      if (property !== undefined && text !== '' && !task.properties.has(property))
        task.properties.set(property, text);
    }
  });
  parser.on('closeTag', () => {
    if (task && path.length === task.depth) {
      if (task.properties.get('approval') === 'true')
        found.set(task.id, { settings: settingsOf(task.properties), isMany: task.isMany });
      task = undefined;
    }
    path.pop();
  });
  // The engine has parsed it before; what is read up to an error is what it is.
  parser.on('error', () => undefined);
  parser.parse(xml);
  return found;
}

function settingsOf(properties: ReadonlyMap<string, string>): ModelledApproval['settings'] {
  const names = Object.entries(SETTINGS).flatMap(([property, setting]) =>
    properties.has(property) ? [[setting, properties.get(property)!]] : [],
  );
  return {
    ...Object.fromEntries(names),
    ...(properties.get('reasonRequired') === 'true' ? { reasonRequired: true } : {}),
  };
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
