import type { Request } from "express";
import type { Awaitable } from "../base/awaitable.js";
import {
  callback,
  integerBetween,
  invalid,
  optionsObject,
  rejectUnknownOptions,
} from "../base/checks.js";
import type { TotpUser, UserId } from "../base/user.js";
import { checkHeaderName, rejectMountedFactory } from "../http/checks.js";
import type { Authenticate } from "../http/identify.js";
import { errorHook } from "../http/log-error.js";
import type { TotpService } from "../service/service.js";
import { checkService } from "./router-config.js";

/** Options of {@link requireTotp}: with `authenticate` or `getUserId`, not both. */
export interface RequireTotpOptions<User extends TotpUser = TotpUser> {
  /** The service that checks the code. */
  totp: TotpService<User>;
  /** Tells whose API key it is, as in {@link createTotpRouter}. */
  authenticate?: Authenticate<User>;
  /**
   * Tells who is signed in, for an app with sessions of its own; a nullish or false answer is a 401.
   * Replaces `authenticate`.
   */
  getUserId?: (req: Request) => Awaitable<UserId | null | undefined | false>;
  /**
   * For how many seconds after an accepted code, wherever the user gave it, no other one is asked for; 1 to
   * 86 400.
   *
   * @default none: each request needs a code
   */
  maxAgeSeconds?: number;
  /**
   * Name of the header that has the API key.
   *
   * @default "X-API-Key"
   */
  apiKeyHeader?: string;
  /**
   * Told the cause of each answer of 500 and above, which the client is not told.
   *
   * @default prints the stack to stderr, secrets blacked out
   */
  onError?: (error: unknown, req: Request) => unknown;
}

export interface GuardConfig
  extends Required<Pick<RequireTotpOptions, "totp" | "apiKeyHeader" | "onError">>,
    Pick<RequireTotpOptions, "authenticate" | "getUserId" | "maxAgeSeconds"> {
  timeoutMs: number;
}

const OPTION_NAMES = Object.keys({
  totp: true,
  authenticate: true,
  getUserId: true,
  maxAgeSeconds: true,
  apiKeyHeader: true,
  onError: true,
} satisfies Record<keyof RequireTotpOptions, true>);

/** @throws {@link TotpConfigError} for the first thing that is wrong. */
export function resolveGuardOptions(options: RequireTotpOptions): GuardConfig {
  rejectMountedFactory(options, "requireTotp", "app.use(requireTotp({ totp, authenticate }))");
  rejectUnknownOptions(optionsObject(options, "requireTotp"), OPTION_NAMES);
  const { authenticate, getUserId, maxAgeSeconds } = options;
  const totp = checkService(options.totp);
  if (authenticate !== undefined && getUserId !== undefined) {
    invalid("getUserId", "to stand without authenticate, which it replaces", getUserId);
  }
  if (getUserId !== undefined) callback("(req) => id or null")("getUserId", getUserId);
  else callback("(apiKey, req) => user or null")("authenticate", authenticate);
  if (maxAgeSeconds !== undefined) integerBetween(1, 86_400)("maxAgeSeconds", maxAgeSeconds);
  const apiKeyHeader = checkHeaderName("apiKeyHeader", options.apiKeyHeader ?? "X-API-Key");
  return {
    totp,
    authenticate,
    getUserId,
    maxAgeSeconds,
    apiKeyHeader,
    onError: errorHook(options.onError, apiKeyHeader),
    timeoutMs: totp.config.timeoutMs,
  };
}
