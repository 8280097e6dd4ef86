import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { startServer } from '../../client/test/helpers/scripted-server.ts';
import { ReactiveWorkstreamChat, WebSocketProvider } from '../src/index.ts';

test('on a server the chat renders, and connects nowhere', async () => {
  const server = await startServer();
  const html = renderToString(
    <WebSocketProvider url={server.url} token="alice">
      <ReactiveWorkstreamChat executionId="e1" />
    </WebSocketProvider>,
  );
  expect(html).toContain('Loading the conversation');
  expect(server.handshakes).toHaveLength(0);
});
