import type { Request } from "express";
import type { Awaitable } from "../base/awaitable.js";
import type { IdOf, TotpUser } from "../base/user.js";
import type { EnrollmentOptions } from "../enrollment/options.js";
import type { PendingSecretDetails } from "../enrollment/pending.js";
import type { Authenticate } from "../http/identify.js";
import type { TotpSetupEvent } from "./setup-events.js";

/** Options of {@link createTotpSetupRouter}. */
export interface TotpSetupOptions<User extends TotpUser = TotpUser> extends EnrollmentOptions {
  /**
   * Tells whose API key it is: an id, or any object with an `id`. `null`, `undefined` or `false` rejects
   * the key with a 401. An error with an HTTP status keeps it; any other becomes a 500.
   */
  authenticate: Authenticate<User>;
  /**
   * Stores the secret as pending: not enabled until the user has proved, with a first code, that the
   * authenticator app has it. Replaces an earlier pending one; must leave an enabled one alone. The client
   * gets the secret only after this resolved.
   */
  savePendingSecret: (
    userId: IdOf<User>,
    secret: string,
    details: PendingSecretDetails,
    req: Request,
  ) => Awaitable<unknown>;
  /**
   * Who the account is with: the app's or company's name, which the authenticator app shows.
   *
   * @default none: the authenticator app shows the account name alone
   */
  issuer?: string | ((user: User, req: Request) => Awaitable<string>);
  /**
   * Whose account it is, as the authenticator app shows it: often an email address.
   *
   * @default the user's own `accountName`, else the id
   */
  accountName?: (user: User) => Awaitable<string>;
  /**
   * Path of the route, below where the router is mounted. It may have `:parameters`.
   *
   * @default "/auth/v1/users/current/totp/setup"
   */
  path?: string;
  /**
   * Name of the header that has the API key.
   *
   * @default "X-API-Key"
   */
  apiKeyHeader?: string;
  /** Told what happened, for an audit log. What it throws goes to `onError` and changes no answer. */
  onEvent?: (event: TotpSetupEvent) => unknown;
  /**
   * Told the cause of each answer of 500 and above, which the client is not told.
   *
   * @default prints the stack to stderr, secrets blacked out
   */
  onError?: (error: unknown, req: Request) => unknown;
}
