/** A field as the screen shows it. */
export interface ShownField {
  key: string;
  type: string;
  label: string;
  description: string | undefined;
  isRequired: boolean;
  /** It shows what it has, and takes nothing. */
  isFixed: boolean;
  /** It is hidden as soon as one of these conditions of FEEL holds. */
  hide: readonly string[];
  options: readonly { label: string; value: unknown }[];
  /** Of a date. */
  subtype: string;
  /** Steps of a number. */
  step: string;
}

/** A part of a form, in its order: a field, a heading or a text. */
export type Part =
  | { kind: 'field'; field: ShownField }
  | { kind: 'text'; key: string; text: string; hide: readonly string[] };

type Component = Record<string, unknown>;

const FIELDS = new Set([
  'textfield',
  'textarea',
  'number',
  'checkbox',
  'radio',
  'select',
  'checklist',
  'taglist',
  'datetime',
]);

/** Reads what of a form-js schema can be shown; the gateway shows no form that asks for anything else. */
export function readParts(
  components: unknown,
  data: Record<string, unknown>,
  hide: readonly string[] = [],
): Part[] {
  if (!Array.isArray(components)) return [];
  return (components as Component[]).flatMap((component, i): Part[] => {
    const { type, conditional, components: inner } = component;
    const own = (conditional as Component | undefined)?.hide;
    const all = typeof own === 'string' && own.startsWith('=') ? [...hide, own.slice(1)] : hide;
    if (FIELDS.has(String(type))) return [{ kind: 'field', field: fieldOf(component, data, all) }];
    const heading =
      type === 'text' ? textOf(component.text) : type === 'group' ? textOf(component.label) : '';
    const said: Part[] =
      heading === ''
        ? []
        : [{ kind: 'text', key: `${hide.length}/${i}/${heading}`, text: heading, hide: all }];
    return [...said, ...readParts(inner, data, all)];
  });
}

function fieldOf(component: Component, data: Record<string, unknown>, hide: readonly string[]): ShownField {
  const { key, type, label, dateLabel, timeLabel, description, validate, disabled, readonly } = component;
  const { values, valuesKey, subtype, increment, decimalDigits } = component;
  const options = typeof valuesKey === 'string' && valuesKey !== '' ? data[valuesKey] : values;
  return {
    key: String(key),
    type: String(type),
    label: textOf(label) || textOf(dateLabel) || textOf(timeLabel) || String(key),
    description: textOf(description) || undefined,
    isRequired: (validate as Component | undefined)?.required === true,
    isFixed: Boolean(disabled || readonly),
    hide,
    options: Array.isArray(options) ? options.flatMap(optionOf) : [],
    subtype: typeof subtype === 'string' ? subtype : 'date',
    step: increment ? String(increment) : decimalDigits === 0 ? '1' : 'any',
  };
}

/** What is put together by the process is not worked out here: such a text is left out. */
function textOf(text: unknown): string {
  return typeof text === 'string' && !text.startsWith('=') && !text.includes('{{') ? text.trim() : '';
}

function optionOf(option: unknown): ShownField['options'] {
  if (typeof option !== 'object' || option === null) return [{ label: String(option), value: option }];
  const { label, value } = option as Component;
  return [{ label: textOf(label) || String(value), value }];
}
