import { type AppRequest, type AppResponse, testTwoFactorApp } from "express-totp-setup/testing";
import type { Bug } from "../helpers/vulnerable-app/bugs.js";
import { type KnownBy, vulnerableApp } from "../helpers/vulnerable-app/options.js";
import { failuresInOrder, recordTests } from "./recording-runner.js";

export type Options = ReturnType<typeof vulnerableApp>;

/** Attacks the vulnerable app with changed options, and returns the messages of the tests that failed. */
export function attack(
  bugs: readonly Bug[],
  change: (sound: Options) => Partial<Options>,
  knownBy?: KnownBy,
) {
  const options = vulnerableApp(bugs, knownBy);
  const all = { ...options, ...change(options) };
  return failuresInOrder(recordTests((runner) => testTwoFactorApp(runner, all)).checks);
}

/** The app reads codes from another place than the body. */
export const translating =
  (translate: (sent: AppRequest) => string | undefined) =>
  ({ request }: Options): Options["request"] =>
  (sent) => {
    const code = translate(sent);
    if (code === undefined) return request?.(sent) as never;
    const headers = { ...sent.headers, "content-type": "application/json" };
    return request?.({ ...sent, headers, body: JSON.stringify({ code }) }) as never;
  };

/** The app behind a middleware. */
export const behind =
  (middleware: (sent: AppRequest, next: (sent: AppRequest) => Promise<AppResponse>) => unknown) =>
  ({ request }: Options): Pick<Options, "request"> => ({
    request: async (sent) =>
      (await middleware(
        sent,
        async (passed) => (await request?.(passed)) as AppResponse,
      )) as AppResponse,
  });
