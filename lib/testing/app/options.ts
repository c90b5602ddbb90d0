import { type Check, callback, integerBetween, invalid } from "../../base/checks.js";
import { CLOCK_OPTION } from "../../base/clock.js";
import { TotpConfigError } from "../../base/errors.js";
import {
  type OptionTable,
  optional,
  type Resolved,
  required,
  resolveOptions,
  withDefault,
} from "../../base/options.js";
import { type ReadUrl, type SendRequest, sendWithFetch } from "./send-with-fetch.js";
import type { ChangingCall, GuardedCall, TwoFactorAppOptions } from "./two-factor-app.js";

const checkUrl: Check<ReadUrl> = (option, value) => {
  if (typeof value === "function") return value as ReadUrl;
  if (typeof value === "string" && /^https?:/.test(value) && URL.canParse(value)) {
    return () => value;
  }
  return invalid(option, "the URL of the app, or a function that returns it", value);
};

const checkPaths: Check<readonly string[]> = (option, value) => {
  const isPath = (each: unknown) => typeof each === "string" && each.startsWith("/");
  if (Array.isArray(value) && value.every(isPath)) return value;
  return invalid(option, "an array of paths that begin with a slash", value);
};

function callsByName<Call>(signature: string): Check<Readonly<Record<string, Call>>> {
  return (option, value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return invalid(option, `an object of functions ${signature}`, value);
    }
    for (const [name, call] of Object.entries(value)) {
      callback(signature)(`${option}.${name}`, call);
    }
    return value as Readonly<Record<string, Call>>;
  };
}

type Options = TwoFactorAppOptions;
const CALL = "(client, code) => boolean";

export const APP_OPTIONS = {
  url: optional(checkUrl),
  request: optional(callback<SendRequest>("(request) => response")),
  createUser: required(callback<Options["createUser"]>("() => user")),
  signIn: required(callback<Options["signIn"]>("(client, user) => login")),
  sendCode: required(callback<Options["sendCode"]>("(client, code, login)")),
  isSignedIn: required(callback<Options["isSignedIn"]>("(client) => boolean")),
  sendBackupCode: optional(callback<Options["sendCode"]>("(client, code, login)")),
  guarded: optional(callsByName<GuardedCall>(CALL)),
  fresh: optional(callsByName<ChangingCall>("(client) => boolean")),
  stepUp: optional(callback<NonNullable<Options["stepUp"]>>("(client, code)")),
  freshForSeconds: withDefault(300, integerBetween(1, 86_400)),
  disable: optional(callback<GuardedCall>(CALL)),
  changes: optional(callsByName<ChangingCall>("(client) => boolean")),
  createUserWithoutTotp: optional(callback<Options["createUser"]>("() => user")),
  beginSetup: optional(callback<NonNullable<Options["beginSetup"]>>("(client) => secret")),
  confirmSetup: optional(callback<NonNullable<Options["confirmSetup"]>>("(client, code)")),
  setupWithinSeconds: optional(integerBetween(1, 86_400)),
  paths: withDefault([], checkPaths),
  advance: optional(callback<(seconds: number) => unknown>("(seconds)")),
  now: CLOCK_OPTION,
  // NIST SP 800-63B allows 100 at most.
  lockAfter: withDefault(10, integerBetween(1, 100)),
  parallel: withDefault(10, integerBetween(2, 1000)),
} satisfies OptionTable<TwoFactorAppOptions>;

export type AppConfig = Omit<Resolved<typeof APP_OPTIONS>, "url" | "request"> & {
  request: SendRequest;
};

/** @throws {@link TotpConfigError} if an option is missing, unknown, or invalid. */
export function resolveAppOptions(options: unknown): AppConfig {
  const { url, request, ...config } = resolveOptions("testTwoFactorApp", APP_OPTIONS, options);
  checkFresh(config);
  const send = request ?? (url && sendWithFetch(url));
  if (send && !(url && request)) return { ...config, request: send };
  const code = send ? "INVALID_OPTION" : "MISSING_OPTION";
  throw new TotpConfigError(code, "url, request", {
    expected: "exactly one of the two",
    got: send ? "both" : "neither",
  });
}

/** Skipping these attacks would hide a route without its guard. */
function checkFresh({ fresh = {}, stepUp, advance }: Omit<AppConfig, "request">): void {
  if (Object.keys(fresh).length === 0) return;
  if (!stepUp) invalid("stepUp", "a function (client, code), because fresh is set", undefined);
  if (!advance) invalid("advance", "a function (seconds), because fresh is set", undefined);
}
