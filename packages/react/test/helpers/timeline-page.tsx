import { ReactiveWorkstreamChat, WebSocketProvider } from '@netbuild/realtime-react';
import { createRoot } from 'react-dom/client';

/** A page with a chat and nothing else. */
createRoot(document.getElementById('root')!).render(
  <WebSocketProvider token="alice">
    <ReactiveWorkstreamChat executionId="e1" />
  </WebSocketProvider>,
);
