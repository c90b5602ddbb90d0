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

/** Options of {@link createTotpSetupRouter}. */
export interface TotpSetupOptions<User extends TotpUser = TotpUser>
  extends HttpOptions<User>,
    EnrollmentOptions {
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
  issuer?: string | ((user: User, req: Request) => Awaitable<string>) | undefined;
  /**
   * Whose account it is, as the authenticator app shows it: often an email address.
   *
   * @default the user's own `accountName`, else the id
   */
  accountName?: ((user: User) => Awaitable<string>) | undefined;
  /**
   * Path of the route, below where the router is mounted. It may have `:parameters`.
   *
   * @default "/auth/v1/users/current/totp/setup"
   */
  path?: string | undefined;
  /**
   * Whether the response has `otpauth_uri` too, for a phone that is also the browser.
   *
   * @default false
   */
  otpauthUri?: boolean | undefined;
  /** Called with each event, for an audit log. What it throws goes to `onError` and changes no response. */
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

/** @throws {@link TotpConfigError} for the first thing that is wrong. */
export function resolveSetupOptions(options: unknown) {
  const example = "{ authenticate, savePendingSecret }";
  return groupParameters(
    resolveHttpOptions("createTotpSetupRouter", SETUP_OPTIONS, options, example),
  );
}
