import { Dialog } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import { Avatar } from '../parts/avatar.tsx';

interface PeopleProps {
  label: string;
  /** `undefined` where they are too many to be named. */
  names: readonly string[] | undefined;
  /** What opened it, which gets the focus back. */
  opener: Element;
  onClose: () => void;
}

/** The names of those who are here, above what opened it. Escape, or a press elsewhere, closes it. */
export function People({ label, names, opener, onClose }: PeopleProps) {
  return (
    <Popover
      className="nb-popover"
      triggerRef={{ current: opener }}
      isOpen
      onOpenChange={(isOpen) => isOpen || onClose()}
      offset={4}
    >
      <Dialog className="nb-options" aria-label={label} data-testid="people">
        <p className="nb-popover-title">{label}</p>
        {names ? (
          <ul className="nb-people-list">
            {names.map((name) => (
              <li key={name} className="nb-option">
                <Avatar name={name} />
                {name}
              </li>
            ))}
          </ul>
        ) : null}
      </Dialog>
    </Popover>
  );
}
