import { Form } from '@bpmn-io/form-js-viewer';
import type { Language } from '../locale/locale.tsx';
import type { LoadedForm } from './load-form.ts';
import { mendMarkup, releaseHeights } from './mend-markup.ts';
import { translate, translateSentence } from './translate.ts';

/** What is filled in, by the keys of the fields. */
export type Values = Record<string, unknown>;

/** What is wrong, by the keys of the fields. */
export type Faults = ReadonlyMap<string, string>;

interface FormViewerOptions {
  /** Where it is shown. */
  container: HTMLElement;
  schema: LoadedForm['schema'];
  /** What its fields begin with, the lists of its options among it. */
  values: Values;
  language: Language;
  /** What the form is called, for who does not see it. */
  label: string;
  /** Somebody has filled in something. */
  onChange: (values: Values) => void;
  /** So many of its fields are at fault, by its own rules, and so it is not submitted. */
  onFaults: (count: number) => void;
  /** It is to be submitted, and by its own rules it may be. */
  onSubmit: (values: Values) => void;
}

/** A form on the screen. */
export interface FormViewer {
  /** Submits it where its own rules are kept; else it shows at each field what is wrong, and goes to the first of them. */
  submit(): void;
  /** Shows faults at their fields, and goes to the first of them. @returns those that no field here has */
  showFaults(faults: Faults): string[];
  /** What each field is called, by its key. */
  labels(): Readonly<Record<string, string>>;
  /** Takes it off the screen. What was typed last is told before. */
  close(): void;
}

interface Field {
  id: string;
  key?: string;
  label?: string;
  dateLabel?: string;
  timeLabel?: string;
}

/** Shows a form by form-js's viewer; its mark stays visible, as its license asks. */
export async function openForm(options: FormViewerOptions): Promise<FormViewer> {
  const { container, schema, values, language, onChange, onSubmit } = options;
  const settings = {
    container,
    properties: { ariaLabel: options.label },
    // It draws what it has taken in: whatever was typed since would be gone with anything else that is drawn anew.
    // Its types do not know of it.
    debounce: false,
    additionalModules: [
      { translate: ['value', (text: string, more?: Values) => translate(language, text, more)] },
    ],
  };
  const form = new Form(settings);
  await form.importSchema(schema as never, values);
  const fields = form.get<{ getAll(): Field[] }>('formFieldRegistry').getAll();
  const keyed = fields.filter(({ key }) => key !== undefined);
  const elementId = ({ id }: Field) => `fjs-form-${form._id}-${id}`;
  const stopMending = mendMarkup(container, new Map(keyed.map((field) => [elementId(field), field.key!])));

  let isTouched = false;
  form.on('field.updated', 500, () => {
    isTouched = true;
  });
  form.on('changed', 500, ({ data }: { data: Values }) => {
    if (isTouched) onChange(data);
  });
  form.on('presubmit', 500, () => {
    flush(container);
    releaseHeights(container);
  });
  form.on('submit', 500, ({ data, errors }: { data: Values; errors: object }) => {
    if (Object.keys(errors).length === 0) onSubmit(data);
    else {
      options.onFaults(Object.keys(errors).length);
      focusFault(container);
    }
  });

  return {
    submit: () => void form.submit(),
    showFaults(faults) {
      const at = keyed.filter(({ key }) => faults.has(key!));
      const errors = at.map(({ id, key }) => [id, [translateSentence(language, faults.get(key!)!)]]);
      (form as unknown as Writable)._setState({ errors: Object.fromEntries(errors) });
      if (at.length > 0) focusFault(container);
      const known = new Set(at.map(({ key }) => key));
      return [...faults].filter(([key]) => !known.has(key)).map(([, words]) => words);
    },
    labels: () =>
      Object.fromEntries(
        keyed.map(({ key, label, dateLabel, timeLabel }) => [key!, label || dateLabel || timeLabel || key!]),
      ),
    close() {
      flush(container);
      stopMending();
      form.destroy();
    },
  };
}

/** Dates and times are taken in when their field is left. */
function flush(container: HTMLElement): void {
  const field = document.activeElement;
  if (!(field instanceof HTMLElement) || !container.contains(field)) return;
  field.blur();
  field.focus();
}

/** form-js has no other way in for what a server says of a field. */
interface Writable {
  _setState(state: { errors: Record<string, string[]> }): void;
}

/** Its fields are drawn a moment later. */
function focusFault(container: HTMLElement): void {
  setTimeout(() =>
    container
      .querySelector<HTMLElement>(
        '.fjs-has-errors :is(input, textarea, select, [tabindex]):not([tabindex="-1"])',
      )
      ?.focus(),
  );
}
