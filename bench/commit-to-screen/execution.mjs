import { io } from 'socket.io-client';

/** Makes executions as alice, by a plain Socket.IO client. */
export async function openExecutions(url, password) {
  const answer = await fetch(`${url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'alice', password }),
  });
  const { token } = await answer.json();
  const socket = io(url, { auth: { token }, transports: ['websocket'] });
  return {
    /** `starter`: who is to start instances for it, and so has to take part. */
    async create(title, starter) {
      const ack = await socket.emitWithAck('execution:create', { title, participants: [starter] });
      if (!ack.success) throw new Error(ack.error.message);
      return ack.result.executionId;
    },
    close: () => socket.close(),
  };
}
