import type { Awaitable } from "../../base/awaitable.js";
import type { AppRequest, AppResponse } from "./request.js";

/** If the app never responds, one test fails instead of the whole run. */
const TIMEOUT_MS = 20_000;

export type ReadUrl = () => Awaitable<string>;
export type SendRequest = (request: AppRequest) => Awaitable<AppResponse>;

/** Returns a function that sends requests over the network. */
export function sendWithFetch(readUrl: ReadUrl): SendRequest {
  return async ({ method, path, headers, body }) => {
    const response = await fetch(new URL(path, await readUrl()), {
      method,
      headers,
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body !== undefined && { body }),
    });
    return {
      status: response.status,
      headers: {
        ...Object.fromEntries(response.headers),
        "set-cookie": response.headers.getSetCookie(),
      },
      text: await response.text(),
    };
  };
}
