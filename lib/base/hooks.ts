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

/** Of an event that the app's hook failed on: what went wrong may hold anything, so only its name is shown. */
export function warnOfEventHook(error: unknown): void {
  const name = error instanceof Error ? error.name : typeof error;
  process.emitWarning(`onEvent failed (${name})`, { type: "TotpWarning", code: "TOTP_ON_EVENT" });
}
