/** What a device tells of itself. `shown`: the page is looked at again. */
export type DeviceEvent = 'online' | 'offline' | 'shown';

/** What of a page is used, where there is one: nothing else of a browser is assumed. */
interface Host {
  navigator?: { onLine?: boolean };
  document?: Pick<EventTarget, 'addEventListener'> & { visibilityState: string };
  addEventListener?: EventTarget['addEventListener'];
}

const host = globalThis as Host;

/** Whether the device says that it has no network. A hint: a gateway on the same machine can be reached all the same. */
export const isDeviceOffline = (): boolean => host.navigator?.onLine === false;

/** Listens to the device, where there is one to listen to, until the returned function is called. */
export function watchDevice(tell: (event: DeviceEvent) => void): () => void {
  const page = host.document;
  const heard = ({ type }: Event): void => {
    if (type !== 'visibilitychange') tell(type as DeviceEvent);
    else if (page?.visibilityState !== 'hidden') tell('shown');
  };
  // The listeners end with the signal.
  const end = new AbortController();
  const options = { signal: end.signal };
  for (const name of ['online', 'offline']) host.addEventListener?.(name, heard, options);
  page?.addEventListener('visibilitychange', heard, options);
  return () => end.abort();
}
