import { type ReactNode, useEffect, useId, useRef, useState } from 'react';

interface PopoverProps {
  /** What the button is called. */
  label: string;
  /** Stable name, for tests. */
  name: string;
  /** What the button shows. */
  button: ReactNode;
  /** What opens; it gets the way to close it. */
  children: (close: () => void) => ReactNode;
}

/** Something small that opens below a button, and closes by Escape, by a click elsewhere, or when the focus leaves. */
export function Popover({ label, name, button, children }: PopoverProps) {
  const [isOpen, setOpen] = useState(false);
  const whole = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!isOpen) return;
    const leave = ({ target }: Event) => {
      if (!whole.current?.contains(target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', leave);
    document.addEventListener('focusin', leave);
    return () => {
      document.removeEventListener('pointerdown', leave);
      document.removeEventListener('focusin', leave);
    };
  }, [isOpen]);
  const close = () => setOpen(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes it from wherever the focus is in it.
    <div
      className="popover-anchor"
      ref={whole}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return;
        event.stopPropagation();
        setOpen(false);
        opener.current?.focus();
      }}
    >
      <button
        ref={opener}
        type="button"
        className="popover-button"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        data-testid={`${name}-open`}
        onClick={() => setOpen(!isOpen)}
      >
        <span aria-hidden="true">{button}</span>
        <span className="nb-hidden">{label}</span>
      </button>
      {isOpen ? (
        <section className="popover" id={id} aria-label={label} data-testid={name}>
          {children(close)}
        </section>
      ) : null}
    </div>
  );
}
