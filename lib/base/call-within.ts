import { type Awaitable, isPromiseLike } from "./awaitable.js";
import { TotpTimeoutError } from "./errors.js";

/**
 * Calls a callback of the app and waits up to `timeoutMs` milliseconds for its result. A later result is ignored.
 * A synchronous result is returned as it is, without a timer.
 */
export function callWithin<T>(
  name: string,
  timeoutMs: number,
  call: () => Awaitable<T>,
): Awaitable<T> {
  const result = call();
  if (!isPromiseLike(result)) return result;
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(new TotpTimeoutError(name, timeoutMs)), timeoutMs);
    // Call `then` only once: query builders run their query on each call.
    const settled = Promise.resolve(result).finally(() => clearTimeout(timer));
    settled.then(resolve, reject);
  });
}
