import type { Request } from "express";
import type { Awaitable } from "../base/awaitable.js";
import type { Clock } from "../base/clock.js";
import type { Authenticate, AuthenticatedUser, IdOf } from "../http/identify.js";
import type { ResolvedTotpParameters, TotpParameters } from "../otp/parameters.js";
import type { TotpSetupEvent } from "./events.js";
import type { QrCodeOption } from "./qr-code.js";

/** A user, as `authenticate` may return it: an id, or the app's own object with one. */
export type TotpUser = AuthenticatedUser;

/** What `savePendingSecret` learns besides the secret. */
export interface PendingSecretDetails extends ResolvedTotpParameters {
  /** Who the account is with, as the authenticator app shows it; `undefined` without the option `issuer`. */
  issuer: string | undefined;
  /** Whose account it is, as the authenticator app shows it. */
  accountName: string;
  /** What the QR code says. It contains the secret. */
  otpauthUri: string;
  /** When the secret must stop being confirmable. */
  expiresAt: Date;
}

/** Options of {@link createTotpSetupRouter}. */
export interface TotpSetupOptions<User extends TotpUser = TotpUser> extends TotpParameters {
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
  /**
   * What `qr_code_url` is: a PNG or SVG data URL, the bare otpauth URI, options for the drawing, or a
   * function of your own from the otpauth URI to the URL of an image.
   *
   * @default "png"
   */
  qrCode?: QrCodeOption;
  /**
   * Length of the secret in bytes, 16 to 64.
   *
   * @default 20
   */
  secretBytes?: number;
  /**
   * How long the pending secret can be confirmed, in seconds, 1 to 86 400. Reaches `savePendingSecret` as
   * `details.expiresAt`.
   *
   * @default 600
   */
  pendingTtl?: number;
  /**
   * How long each callback may take, in milliseconds; then the client gets a 503.
   *
   * @default 10000
   */
  timeoutMs?: number;
  /** Told what happened, for an audit log. What it throws goes to `onError` and changes no answer. */
  onEvent?: (event: TotpSetupEvent) => unknown;
  /**
   * Told the cause of each answer of 500 and above, which the client is not told.
   *
   * @default prints the stack to stderr, secrets blacked out
   */
  onError?: (error: unknown, req: Request) => unknown;
  /**
   * Tells the time.
   *
   * @default Date.now
   */
  now?: Clock;
}
