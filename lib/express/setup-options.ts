import type { Request } from "express";
import type { Awaitable } from "../base/awaitable.js";
import { callback } from "../base/checks.js";
import { type OptionTable, optional, required, withDefault } from "../base/options.js";
import type { IdOf, TotpUser } from "../base/user.js";
import { ACCOUNT_NAME_OPTION, issuerOption } from "../enrollment/account.js";
import {
  ENROLLMENT_OPTIONS,
  type EnrollmentOptions,
  groupParameters,
} from "../enrollment/options.js";
import type { PendingSecretDetails } from "../enrollment/pending.js";
import { checkPath } from "../http/checks.js";
import { HTTP_OPTIONS, type HttpOptions, resolveHttpOptions } from "../http/options.js";
import { DEFAULT_PATHS, ROUTES } from "../routes/table.js";
import { OTPAUTH_URI_OPTION } from "./send-setup.js";
import type { TotpSetupEvent } from "./setup-events.js";

/**
 * Options of {@link createTotpSetupRouter}.
 *
 * @example
 * ```ts
 * const options: TotpSetupOptions<{ id: number; email: string }> = {
 *   authenticate: (apiKey) => users.findByApiKey(apiKey),
 *   accountName: (user) => user.email,
 *   savePendingSecret: (userId, secret) => users.update(userId, { pendingSecret: secret }),
 * };
 * app.use(createTotpSetupRouter(options));
 * ```
 */
export interface TotpSetupOptions<User extends TotpUser = TotpUser>
  extends HttpOptions<User>,
    EnrollmentOptions {
  /**
   * Stores the secret as pending. It must replace a pending secret, and leave an enabled one alone. Enable it only
   * after the user has entered a first code. The client receives the secret only after it is stored.
   */
  savePendingSecret: (
    userId: IdOf<User>,
    secret: string,
    details: PendingSecretDetails,
    req: Request,
  ) => Awaitable<unknown>;
  /**
   * The name of your app in the authenticator app: a string, or a function that returns it.
   *
   * @default none: the authenticator app shows the account name alone
   */
  issuer?: string | ((user: User, req: Request) => Awaitable<string>) | undefined;
  /**
   * Returns the name of the account in the authenticator app, often an email address.
   *
   * @default the user's own `accountName`, else the id
   */
  accountName?: ((user: User) => Awaitable<string>) | undefined;
  /**
   * The path of the route, below the mount path of the router. It can have `:parameters`, but no wildcards.
   *
   * @default "/auth/v1/users/current/totp/setup"
   */
  path?: string | undefined;
  /**
   * Whether the response also has `otpauth_uri`, for users whose phone is the browser.
   *
   * @default false
   */
  otpauthUri?: boolean | undefined;
  /** Called with each event, for an audit log. If it throws, `onError` is called, and the response is the same. */
  onEvent?: ((event: TotpSetupEvent<IdOf<User>>) => unknown) | undefined;
}

export const SETUP_OPTIONS = {
  ...HTTP_OPTIONS,
  savePendingSecret: required(
    callback<TotpSetupOptions["savePendingSecret"]>("(userId, secret, details) => void"),
  ),
  issuer: issuerOption<(user: TotpUser, req: Request) => Awaitable<string>>(),
  accountName: ACCOUNT_NAME_OPTION,
  path: withDefault(ROUTES.setup.path(DEFAULT_PATHS), checkPath),
  otpauthUri: OTPAUTH_URI_OPTION,
  ...ENROLLMENT_OPTIONS,
  onEvent: optional(callback<(event: TotpSetupEvent) => unknown>("(event) => void")),
} satisfies OptionTable<TotpSetupOptions>;

export type SetupConfig = ReturnType<typeof resolveSetupOptions>;

/** @throws {@link TotpConfigError} for the first invalid option. */
export function resolveSetupOptions(options: unknown) {
  const example = "{ authenticate, savePendingSecret }";
  return groupParameters(
    resolveHttpOptions("createTotpSetupRouter", SETUP_OPTIONS, options, example),
  );
}
