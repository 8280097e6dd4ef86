import { useTasks, WebSocketProvider } from '@netbuild/realtime-react';

/** What the server renders, and the browser takes over: the server connects nowhere, so both begin alike. */
export function App({ gateway }) {
  return (
    <WebSocketProvider url={gateway} getToken={getToken}>
      <Tasks />
    </WebSocketProvider>
  );
}

function Tasks() {
  const { data: tasks, status } = useTasks();
  return (
    <main>
      <h1>Tasks</h1>
      <p role="status">{status}</p>
      <ul>
        {tasks.map(({ subject, data }) => (
          <li key={subject}>{data.taskName}</li>
        ))}
      </ul>
    </main>
  );
}

/** Asks the server that the page came from; it knows who is signed in. Only browsers ever do. */
async function getToken() {
  const response = await fetch('/token', { method: 'POST' });
  if (!response.ok) throw new Error(`No token: ${response.status}`);
  return response.text();
}
