import type { ServerResponse } from "node:http";

/** Thrown once the client has hung up. It is nobody's failure: there is no response to send or to report. */
const CLIENT_GONE: Readonly<Error> = Object.freeze(new Error("The client has hung up"));

/** As much of an `AbortSignal` as is needed to stop before something is saved for a client that is gone. */
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
