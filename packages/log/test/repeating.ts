/** Does something again and again until its scope ends, with pauses between half and one and a half times `ms`. */
export function repeating(ms: number, work: () => Promise<unknown>): Disposable {
  let timer: NodeJS.Timeout;
  const next = () => {
    timer = setTimeout(
      () => {
        work().catch(() => undefined);
        next();
      },
      ms * (0.5 + Math.random()),
    );
  };
  next();
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
