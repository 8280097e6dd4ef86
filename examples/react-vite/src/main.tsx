import { WebSocketProvider } from '@netbuild/realtime-react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { getToken } from './session.ts';
import { Tasks } from './tasks.tsx';
import './style.css';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <WebSocketProvider getToken={getToken}>
      <Tasks />
    </WebSocketProvider>
  </StrictMode>,
);
