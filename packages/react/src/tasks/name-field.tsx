import { Button } from 'react-aria-components/Button';
import { ComboBox, Input } from 'react-aria-components/ComboBox';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { useWords } from '../locale/locale.tsx';
import { Avatar } from '../parts/avatar.tsx';

const WORDS = {
  en: { label: 'Assign to', name: 'Name', show: 'Show names' },
  de: { label: 'Zuweisen an', name: 'Name', show: 'Namen zeigen' },
};

interface NameFieldProps {
  names: readonly string[];
  onCancel: () => void;
}

/** A field for a person's name, `assignee` in its form. Names are suggested, and any other one can be typed. */
export function NameField({ names, onCancel }: NameFieldProps) {
  const words = useWords(WORDS);
  return (
    <ComboBox
      className="nb-combo"
      aria-label={words.label}
      name="assignee"
      formValue="text"
      defaultItems={names.map((name) => ({ id: name }))}
      allowsCustomValue
      menuTrigger="focus"
      autoFocus
      isRequired
      onKeyDown={({ key, continuePropagation }) => {
        if (key === 'Escape') onCancel();
        else continuePropagation();
      }}
    >
      <div className="nb-combo-field">
        <Input
          className="nb-input"
          placeholder={words.name}
          spellCheck={false}
          data-testid="task-assign-name"
        />
        <Button className="nb-combo-open" aria-label={words.show}>
          <span aria-hidden="true">▾</span>
        </Button>
      </div>
      <Popover className="nb-popover" offset={4}>
        <ListBox<{ id: string }> className="nb-options">
          {({ id }) => (
            <ListBoxItem id={id} textValue={id} className="nb-option">
              <Avatar name={id} />
              {id}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
