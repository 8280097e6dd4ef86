import { useId } from 'react';
import type { ShownField } from './read-fields.ts';

interface FormFieldProps {
  field: ShownField;
  value: unknown;
  fault: string | undefined;
  onChange: (value: unknown) => void;
}

/** One field of a form, with its label and what is wrong with it. */
export function FormField({ field, value, fault, onChange }: FormFieldProps) {
  const id = useId();
  const { key, type, label, description, isRequired, isFixed, options } = field;
  const told = [description && `${id}-about`, fault && `${id}-fault`].filter(Boolean).join(' ') || undefined;
  const common = {
    id,
    name: key,
    disabled: isFixed,
    'aria-invalid': fault !== undefined,
    'aria-describedby': told,
  };
  const beside = (
    <>
      {description ? (
        <span className="nb-field-about" id={`${id}-about`}>
          {description}
        </span>
      ) : null}
      {fault ? (
        <span className="nb-field-fault" id={`${id}-fault`} role="alert" data-testid={`form-fault-${key}`}>
          {fault}
        </span>
      ) : null}
    </>
  );
  const name = (
    <>
      {label}
      {isRequired ? <span className="nb-field-needed"> (needed)</span> : null}
    </>
  );

  if (type === 'checkbox')
    return (
      <div className="nb-field">
        <label className="nb-field-choice">
          <input
            {...common}
            type="checkbox"
            checked={value === true}
            onChange={(event) => onChange(event.target.checked)}
          />
          <span>{name}</span>
        </label>
        {beside}
      </div>
    );
  if (['radio', 'checklist', 'taglist'].includes(type)) {
    const chosen: unknown[] = Array.isArray(value) ? value : [value];
    const isMany = type !== 'radio';
    return (
      <fieldset
        className="nb-field"
        disabled={isFixed}
        aria-describedby={told}
        aria-invalid={fault !== undefined}
      >
        <legend>{name}</legend>
        {options.map((option, i) => (
          <label className="nb-field-choice" key={option.label}>
            <input
              {...(i === 0 && { id })}
              type={isMany ? 'checkbox' : 'radio'}
              name={id}
              value={String(option.value)}
              checked={chosen.includes(option.value)}
              onChange={({ target }) =>
                onChange(
                  isMany
                    ? options
                        .map((one) => one.value)
                        .filter((one) => (one === option.value ? target.checked : chosen.includes(one)))
                    : option.value,
                )
              }
            />
            <span>{option.label}</span>
          </label>
        ))}
        {beside}
      </fieldset>
    );
  }
  return (
    <div className="nb-field">
      <label htmlFor={id}>{name}</label>
      {type === 'select' ? (
        <select
          {...common}
          value={String(options.findIndex((option) => option.value === value))}
          onChange={(event) => onChange(options[Number(event.target.value)]?.value ?? null)}
        >
          <option value="-1">–</option>
          {options.map((option, i) => (
            <option key={option.label} value={String(i)}>
              {option.label}
            </option>
          ))}
        </select>
      ) : type === 'textarea' ? (
        <textarea
          {...common}
          rows={3}
          value={String(value ?? '')}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <input
          {...common}
          {...INPUTS[type === 'datetime' ? field.subtype : type]}
          {...(type === 'number' && { step: field.step })}
          value={String(value ?? '')}
          onChange={({ target }) => onChange(type === 'textfield' ? target.value : read(type, target.value))}
        />
      )}
      {beside}
    </div>
  );
}

/** What a browser has for each kind of line. */
const INPUTS: Record<string, { type: string; inputMode?: 'decimal' } | undefined> = {
  textfield: { type: 'text' },
  number: { type: 'number', inputMode: 'decimal' },
  date: { type: 'date' },
  time: { type: 'time' },
  datetime: { type: 'datetime-local' },
};

/** Nothing is nothing, and neither zero nor a date. */
function read(type: string, text: string): unknown {
  if (text === '') return null;
  return type === 'number' ? Number(text) : text;
}
