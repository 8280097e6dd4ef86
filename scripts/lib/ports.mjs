import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { Problem } from './problem.mjs';

/** Systems give whoever asks for any port one above these (Linux from 32768 on): none of them goes to somebody else before it is used. */
const [FIRST, LAST] = [20_000, 32_000];

/** A port that nobody has right now. */
export async function freePort() {
  for (;;) {
    const port = randomInt(FIRST, LAST);
    if (await isFree(port)) return port;
  }
}

async function isFree(port) {
  try {
    const server = await listen(port);
    await new Promise((resolve) => server.close(resolve));
    return true;
  } catch (error) {
    if (['EADDRINUSE', 'EACCES'].includes(error.code)) return false;
    throw error;
  }
}

/**
 * The port that a variable names, or the default one.
 * @throws {Problem} where it is no port, or somebody has it
 */
export async function chosenPort(variable, fallback) {
  const text = process.env[variable] ?? String(fallback);
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new Problem(`${variable} must be a port from 0 to 65535, not \`${text}\`.`);
  if (port === 0) return freePort();
  try {
    const server = await listen(port);
    await new Promise((resolve) => server.close(resolve));
    return port;
  } catch (error) {
    if (error.code === 'EACCES')
      throw new Problem(`Port ${port} needs more rights; choose another with ${variable}=….`);
    throw new Problem(`Port ${port} is in use; choose another with ${variable}=….`);
  }
}

/** On all addresses, so that a server of somebody else on any of them is noticed. */
function listen(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, exclusive: true }, () => resolve(server));
  });
}
