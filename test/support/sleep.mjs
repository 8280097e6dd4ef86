/**
 * Lets all pages of a browser stand still, as a phone in a pocket does: their processes get no time at all.
 *
 * @returns {Promise<() => void>} wakes them
 */
export async function putToSleep(browser) {
  const devtools = await browser.newBrowserCDPSession();
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  const pages = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  for (const pid of pages) process.kill(pid, 'SIGSTOP');
  return () => {
    for (const pid of pages) process.kill(pid, 'SIGCONT');
  };
}
