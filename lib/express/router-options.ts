import type { Request } from "express";
import type { Awaitable } from "../base/awaitable.js";
import type { TotpUser, UserId } from "../base/user.js";
import type { Authenticate } from "../http/identify.js";
import type { TotpService } from "../service/service.js";

/** What a client gets once its user is signed in; every field is optional, and others pass through. */
export interface TokenResponse {
  access_token?: string;
  refresh_token?: string;
  /** Seconds. */
  expires_in?: number;
  token_type?: string;
  requires_action?: boolean | string;
  [field: string]: unknown;
}

/** For whom tokens are issued, and upon what. */
export interface TokenRequest<User extends TotpUser = TotpUser> {
  user: User;
  userId: UserId;
  /** `setup`: the first code of an enrollment was right. `login`: the second step of a login was. */
  purpose: "setup" | "login";
  method: "totp" | "backup_code";
  req: Request;
}

/**
 * Keeps the compiler from reading off a service what `authenticate` tells of the users. TypeScript has
 * `NoInfer` for that from 5.4 on.
 */
type Settled<User> = [User][User extends unknown ? 0 : never];

/** Options of {@link createTotpRouter}. */
export interface TotpRouterOptions<User extends TotpUser = TotpUser> {
  /** The service that the routes speak for. */
  totp: TotpService<Settled<User>>;
  /**
   * Tells whose API key it is: an id, or any object with an `id`. `null`, `undefined` or `false` rejects
   * the key with a 401.
   */
  authenticate: Authenticate<User>;
  /**
   * Makes the answer to a right code: tokens, for an app that has them. Called after the code was used up.
   *
   * @default nothing is added to the answer
   */
  issueTokens?: (request: TokenRequest<User>) => Awaitable<TokenResponse | null | undefined>;
  /**
   * Tells whose login session it is that waits for its second step; a nullish or false answer is a 401.
   * The login route exists only with this option.
   */
  resolveLoginSession?: (
    sessionId: string,
    req: Request,
  ) => Awaitable<User | null | undefined | false>;
  /**
   * Whether setting up again, deleting, and new backup codes need a fresh code in `X-TOTP-Code` while TOTP
   * is on. `"off"` leaves that to the app.
   *
   * @default "required"
   */
  stepUp?: "required" | "off";
  /**
   * Where the routes are, below where the router is mounted.
   *
   * @default "/auth/v1/users/current/totp"
   */
  basePath?: string;
  /**
   * Where the login route is.
   *
   * @default "/auth/v1/verify-totp"
   */
  loginPath?: string;
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
