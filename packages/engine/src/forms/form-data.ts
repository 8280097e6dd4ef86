/// <reference path="../saxen.d.ts" />
import { RealtimeError } from '@netbuild/realtime-protocol';
import { Parser } from 'saxen';

/** A field of a generated form, as a model has it. */
export interface ModelField {
  id: string;
  label: string | undefined;
  type: string;
  datePattern: string | undefined;
  defaultValue: string | undefined;
  /** Of an enumeration: the names, by their values. */
  values: [value: string, name: string][];
  constraints: [name: string, config: string | undefined][];
}

/** What a step of a model is filled in by. */
export interface ModelForm {
  /** Of the user task, or of the start event. */
  id: string;
  fields: ModelField[];
}

/** The extensions of all three engines; each reads the others' names. */
const NAMESPACES = {
  'http://www.omg.org/spec/BPMN/20100524/MODEL': 'bpmn',
  'http://camunda.org/schema/1.0/bpmn': 'camunda',
  'http://operaton.org/schema/1.0/bpmn': 'camunda',
  'http://activiti.org/bpmn': 'camunda',
};

interface Open {
  name: string;
  id: string | undefined;
}

interface Found extends ModelForm {
  process: string | undefined;
  kind: string;
  /** Of a start event: something other than a person starts it. */
  isTriggered: boolean;
}

/** Reads the generated form of a user task from a BPMN model; none: there is none. */
export function formOfTask(xml: string, taskDefinitionKey: string): ModelForm | undefined {
  return formsIn(xml).find(({ kind, id }) => kind === 'bpmn:userTask' && id === taskDefinitionKey);
}

/** Reads the generated form by which a process is started from a BPMN model; none: there is none. */
export function formOfStart(xml: string, processDefinitionKey: string): ModelForm | undefined {
  return formsIn(xml).find(
    ({ kind, process, isTriggered }) =>
      kind === 'bpmn:startEvent' && process === processDefinitionKey && !isTriggered,
  );
}

/** All generated forms of a model that have a field. */
function formsIn(xml: string): Found[] {
  const open: Open[] = [];
  const steps: Found[] = [];
  const field = () => steps.at(-1)?.fields.at(-1);
  const parser = new Parser().ns(NAMESPACES);
  parser.on('error', (cause) => {
    throw new RealtimeError('engine_refused', { message: 'The model of the process is no XML.', cause });
  });
  parser.on('openTag', (name, attributes, decoded) => {
    const said: Record<string, string | undefined> = Object.fromEntries(
      Object.entries(attributes()).map(([attribute, text]) => [attribute, decoded(text)]),
    );
    const parent = open.at(-1);
    open.push({ name, id: said.id });
    const step = steps.at(-1);
    if (name === 'bpmn:userTask' || name === 'bpmn:startEvent') {
      const process = parent?.name === 'bpmn:process' ? parent.id : undefined;
      steps.push({ id: said.id ?? '', kind: name, process, isTriggered: false, fields: [] });
    } else if (/^bpmn:\w+EventDefinition$/.test(name) && parent?.name === 'bpmn:startEvent') {
      step!.isTriggered = true;
    } else if (name === 'camunda:formField') {
      const { id = '', type = '', label, datePattern, defaultValue } = said;
      step?.fields.push({ id, type, label, datePattern, defaultValue, values: [], constraints: [] });
    } else if (name === 'camunda:value' && parent?.name === 'camunda:formField') {
      field()?.values.push([said.id ?? '', said.name ?? said.id ?? '']);
    } else if (name === 'camunda:constraint') {
      field()?.constraints.push([said.name ?? '', said.config]);
    }
  });
  parser.on('closeTag', () => void open.pop());
  parser.parse(xml);
  return steps.filter(({ fields }) => fields.length > 0);
}
