import { isPromiseLike } from "./awaitable.js";

/** Calls a hook of the app without waiting for it. Its failure is handed on, and can break nothing. */
export function callHook(hook: () => unknown, onFailure: (error: unknown) => void): void {
  try {
    const result = hook();
    if (isPromiseLike(result)) result.then(undefined, onFailure);
  } catch (error) {
    onFailure(error);
  }
}
