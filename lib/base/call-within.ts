import { type Awaitable, isPromiseLike } from "./awaitable.js";
import { TotpTimeoutError } from "./errors.js";

/**
 * Calls a callback of the app and waits `timeoutMs` milliseconds for its answer at most. What comes later
 * is dropped. A synchronous answer passes through without a timer.
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
    // One `then`, whatever it is called on: query builders run their query at each.
    const settled = Promise.resolve(result).finally(() => clearTimeout(timer));
    settled.then(resolve, reject);
  });
}
