import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { followHistory } from './routing/entries.ts';
import '@netbuild/realtime-react/styles.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/pages.css';
import './styles/execution.css';

// Of forms there may be none: their looks come after the first page, as the forms themselves do.
void import('@netbuild/realtime-react/form.css');
followHistory();
createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
