import { isPromiseLike } from "./awaitable.js";

/** Calls a hook of the app without waiting for it. If it fails, `onFailure` is called with the error. */
export function callHook(hook: () => unknown, onFailure: (error: unknown) => void): void {
  try {
    const result = hook();
    if (isPromiseLike(result)) result.then(undefined, onFailure);
  } catch (error) {
    onFailure(error);
  }
}

/** Warns that `onEvent` failed. Shows only the name of the error, because its message can contain anything. */
export function warnOfEventHook(error: unknown): void {
  const name = error instanceof Error ? error.name : typeof error;
  process.emitWarning(`onEvent failed (${name})`, { type: "TotpWarning", code: "TOTP_ON_EVENT" });
}
