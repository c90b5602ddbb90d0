import type { Awaitable } from "../../base/awaitable.js";
import type { Clock } from "../../base/clock.js";
import type { TestClient } from "./request.js";
import type { ReadUrl, SendRequest } from "./send-with-fetch.js";

/** The two-factor of a user. What else the object has is for `signIn`, such as a password. */
export interface TestUser {
  /** The TOTP secret in base32, for codes with the usual parameters; or `otpauthUri`. */
  secret?: string | undefined;
  /** The `otpauth://` URI of the setup, which has the secret and its parameters. */
  otpauthUri?: string | undefined;
  /** The code that confirmed the setup, if one did: it is used up. */
  confirmationCode?: string | undefined;
  /** Backup codes, at least three, for `sendBackupCode`. */
  backupCodes?: readonly string[] | undefined;
}

type SendCode<Login> = (client: TestClient, code: string, login: Login) => unknown;
/** A call of a signed-in user that needs a fresh code; returns whether it was let through. */
export type GuardedCall = (client: TestClient, code: string) => Awaitable<boolean>;
/** A call of a signed-in user that needs no code; returns whether it did what it does. */
export type ChangingCall = (client: TestClient) => Awaitable<boolean>;

/** Options of {@link testTwoFactorApp}: with `url` or `request`, exactly one of them. */
export interface TwoFactorAppOptions<User extends object = object, Login = unknown> {
  /** The address of the app, or a function that returns it once the tests run. */
  url?: string | ReadUrl | undefined;
  /** Sends a request to the app, for an app that listens nowhere. It must not follow redirects. */
  request?: SendRequest | undefined;
  /** Creates a user who has two-factor on, another one at each call, and returns how to sign in. */
  createUser: () => Awaitable<User & TestUser>;
  /**
   * Passes the first factor, such as the password. What it returns is passed to `sendCode`. It must not throw
   * if the app refuses.
   */
  signIn: (client: TestClient, user: User) => Awaitable<Login>;
  /**
   * Sends a code as the second step, as a field of `json` or `form`, a header, or in the query. If the
   * response has an access token, puts it into `client.headers`.
   */
  sendCode: SendCode<Login>;
  /** Opens something that is only for who has passed both steps, and returns whether it was let in. */
  isSignedIn: (client: TestClient) => Awaitable<boolean>;
  /** Sends a backup code as the second step; often the same function as `sendCode`. */
  sendBackupCode?: SendCode<Login> | undefined;
  /** Calls of a signed-in user that need a fresh code each time, by name: a transfer, new backup codes. */
  guarded?: Readonly<Record<string, GuardedCall>> | undefined;
  /** Turns two-factor off with a fresh code, and returns whether it is off. */
  disable?: GuardedCall | undefined;
  /** Calls of a signed-in user that change something without a code, by name; for the cross-site attacks. */
  changes?: Readonly<Record<string, ChangingCall>> | undefined;
  /** Creates a user who has two-factor off. The secret is that of a setup, which the tests begin. */
  createUserWithoutTotp?: (() => Awaitable<User>) | undefined;
  /** Begins a setup, without a code, and returns the secret in the response, or nothing if it was refused. */
  beginSetup?: ((client: TestClient) => Awaitable<string | null | undefined>) | undefined;
  /** Confirms the setup that was begun last, and returns the backup codes in the response, if there are any. */
  confirmSetup?:
    | ((client: TestClient, code: string) => Awaitable<readonly string[] | null | undefined>)
    | undefined;
  /** How long after `signIn` a setup may begin, in seconds, if the app wants a recent sign-in. */
  setupWithinSeconds?: number | undefined;
  /**
   * Paths that are looked through for secrets, as a signed-in user: the profile, the status of two-factor.
   *
   * @default []
   */
  paths?: readonly string[] | undefined;
  /** Moves the clock of the app forward. Without it, only what one code is enough for is tested. */
  advance?: ((seconds: number) => unknown) | undefined;
  /**
   * Clock of the app, which `advance` moves.
   *
   * @default Date.now
   */
  now?: Clock | undefined;
  /**
   * After how many wrong codes in a row the account has to be locked.
   *
   * @default 10
   */
  lockAfter?: number | undefined;
  /**
   * How many requests race with one code.
   *
   * @default 10
   */
  parallel?: number | undefined;
}
