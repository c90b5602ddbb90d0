import type { ServerResponse } from "node:http";

/** Thrown after the client has disconnected. There is no response to send, and nothing to report. */
const CLIENT_GONE: Readonly<Error> = Object.freeze(new Error("The client has hung up"));

/** The part of an `AbortSignal` that stops a call before it saves something for a client that has disconnected. */
export function hangUpSignal(res: ServerResponse): Pick<AbortSignal, "throwIfAborted"> {
  return {
    throwIfAborted() {
      if (res.closed) throw CLIENT_GONE;
    },
  };
}

export function isHangUp(error: unknown): boolean {
  return error === CLIENT_GONE;
}
