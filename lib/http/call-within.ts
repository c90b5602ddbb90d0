import { type Awaitable, isPromiseLike } from "../base/awaitable.js";
import { TotpTimeoutError } from "../base/errors.js";

/**
 * Calls a callback of the app and waits `timeoutMs` milliseconds for its answer at most. What comes later
 * is dropped. A synchronous answer passes through without a timer.
 */
export function callWithin<T>(
  name: string,
  timeoutMs: number,
  call: () => Awaitable<T>,
): Awaitable<T> {
  const answer = call();
  if (!isPromiseLike(answer)) return answer;
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(new TotpTimeoutError(name, timeoutMs)), timeoutMs);
    answer.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
