import type { Request, Response } from "express";
import type { IdOf, TotpUser } from "../base/user.js";
import type { CodeMethod } from "../service/events.js";

/**
 * The fields that `issueTokens` adds to the response. All are optional, and you can add others.
 *
 * @example
 * ```ts
 * const tokens: TokenResponse = { access_token: "eyJhbGciOi…", token_type: "Bearer", expires_in: 3600 };
 * ```
 */
export interface TokenResponse {
  /** For the client's further requests. */
  access_token?: string | undefined;
  /** For a new access token. */
  refresh_token?: string | undefined;
  /** Seconds until the access token expires, an integer. */
  expires_in?: number | undefined;
  /** The type of the access token, such as `Bearer`. */
  token_type?: string | undefined;
  /** What the user must do next. */
  requires_action?: string | undefined;
  /** Other fields are sent as they are. */
  [field: string]: unknown;
}

/**
 * The argument of `issueTokens`: the user, and the code that was accepted.
 *
 * @example
 * ```ts
 * const issueTokens = ({ userId, purpose }: TokenRequest) =>
 *   purpose === "login" ? { access_token: `token-of-${userId}` } : undefined;
 * app.use(createTotpRouter({ totp, authenticate, issueTokens }));
 * ```
 */
export interface TokenRequest<User extends TotpUser = TotpUser> {
  /** The user's id. */
  userId: IdOf<User>;
  /** The user, if the route identified one. The login route has only the id. */
  user?: User;
  /** `setup`: the first code of an enrollment was accepted. `login`: the code at the second step of a login was. */
  purpose: "setup" | "login";
  /** The kind of the code. */
  method: CodeMethod;
  /** The request. */
  req: Request;
  /** For setting cookies or beginning a session. The library sends the response. */
  res: Response;
}
