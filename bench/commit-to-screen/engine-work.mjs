/** What the engine is told to do, past the gateway: one small process, again and again. */
const PROCESS = 'quick-check';

/**
 * Starts an instance, claims its task and completes it, each only after the last one's event was seen.
 *
 * @param {(method: string, path: string, body?: object) => Promise<any>} rest
 * @param {(key: string) => Promise<void>} untilShown
 * @returns {Promise<string[]>} the keys of the three facts that were waited for
 */
export async function workOnce(rest, executionId, untilShown) {
  const keys = [];
  const see = async (key) => {
    keys.push(`engine/default/${key}`);
    await untilShown(keys.at(-1));
  };
  const instance = await rest('POST', `/process-definition/key/${PROCESS}/start`, {
    businessKey: executionId,
  });
  // Nothing is asked of the engine until its event is there: that would compete with what is measured.
  await see(`process/${instance.id}/started#`);
  const [task] = await rest('GET', `/task?processInstanceId=${instance.id}`);
  await rest('POST', `/task/${task.id}/claim`, { userId: 'alice' });
  await see(`task/${task.id}/updated/`);
  await rest('POST', `/task/${task.id}/complete`, {});
  await see(`process/${instance.id}/ended#`);
  return keys;
}
