/** What form-js, and the gateway by its rules, say of fields; `{name}` stands for what is put in. */
export const FORM_WORDS_DE: Readonly<Record<string, string>> = {
  'Field is required.': 'Bitte ausfüllen.',
  'Field must be a valid email.': 'Bitte eine gültige E-Mail-Adresse angeben.',
  'Field must be a valid international phone number. (e.g. +4930664040900)':
    'Bitte eine internationale Telefonnummer angeben (z. B. +4930664040900).',
  'Field must have maximum length of {value}.': 'Bitte höchstens {value} Zeichen.',
  'Field must have maximum value of {value}.': 'Der Wert darf höchstens {value} sein.',
  'Field must have minimum length of {value}.': 'Bitte mindestens {value} Zeichen.',
  'Field must have minimum value of {value}.': 'Der Wert muss mindestens {value} sein.',
  'Field must match pattern {value}.': 'Die Eingabe muss dem Muster {value} entsprechen.',
  'Please select a valid value, the two nearest valid values are {previousValue} and {nextValue}.':
    'Bitte einen gültigen Wert wählen; die nächsten sind {previousValue} und {nextValue}.',
  'Value is expected to be an integer.': 'Bitte eine ganze Zahl angeben.',
  'Value is expected to have at most 1 decimal digit.': 'Bitte höchstens eine Nachkommastelle.',
  'Value is expected to have at most {value} decimal digits.': 'Bitte höchstens {value} Nachkommastellen.',
  'Value is not a number.': 'Bitte eine Zahl angeben.',
  'Date and time must both be entered.': 'Bitte Datum und Uhrzeit angeben.',
  'No results': 'Keine Treffer',
  'All values selected': 'Alles ausgewählt',
  Search: 'Suchen',
  'Skip to search': 'Zur Suche',
  'Remove tag': 'Entfernen',
  Increment: 'Erhöhen',
  Decrement: 'Verringern',
  'Nothing to show.': 'Nichts anzuzeigen.',
  'No content to show.': 'Nichts anzuzeigen.',
  "External content couldn't be loaded.": 'Externer Inhalt konnte nicht geladen werden.',
};
