import { createClient, RealtimeError } from '@netbuild/realtime-client';

const url = process.env.GATEWAY ?? 'http://localhost:3000';
const executionId = process.argv[2] ?? 'order-7';

/** Here it is always alice, by the login that the gateway has for development. */
async function getToken() {
  const response = await fetch(`${url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'alice', password: 'alice-dev' }),
  });
  if (!response.ok) throw new Error(`No login: ${response.status}`);
  return (await response.json()).token;
}

const client = createClient({ url, getToken });
client.connect();

// A room is there as long as somebody holds it; what it shows is in the views.
const room = client.room(`execution:${executionId}`);
const release = room.hold();
const tasks = client.view('tasks', { room: room.name, open: true });

const print = () => {
  const names = tasks.getSnapshot().map(({ data }) => `${data.taskName} (${data.assignee ?? 'nobody'})`);
  console.log(`open: ${names.join(', ') || 'nothing'}`);
};
tasks.subscribe(print);
room.subscribe(() => {
  const { state, error } = room.getSnapshot();
  if (state === 'whole') print();
  if (state === 'refused') console.error(error.message);
});

// A command is done once, however often the connection breaks before the answer.
try {
  const done = await client.command('message:send', { executionId, content: 'I am watching.' });
  console.log(`said, at position ${done.seq}`);
} catch (error) {
  if (!(error instanceof RealtimeError)) throw error;
  console.error(`${error.code}: ${error.message}`);
}

process.once('SIGINT', () => {
  release();
  client.disconnect();
});
