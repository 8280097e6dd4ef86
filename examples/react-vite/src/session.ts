/**
 * Who is signed in. Here it is always alice, by the login that the gateway has for development;
 * in your app, ask your own backend for a token of whoever is signed in there.
 */
export async function getToken(): Promise<string> {
  const response = await fetch('/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'alice', password: 'alice-dev' }),
  });
  // Thrown, it is tried again, and the page says that it is offline meanwhile.
  if (!response.ok) throw new Error(`No login: ${response.status}`);
  return (await response.json()).token;
}
