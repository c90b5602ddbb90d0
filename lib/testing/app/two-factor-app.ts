import type { Awaitable } from "../../base/awaitable.js";
import type { Clock } from "../../base/clock.js";
import type { TestClient } from "./request.js";
import type { ReadUrl, SendRequest } from "./send-with-fetch.js";

/**
 * A user with two-factor on. The object can have more properties for `signIn`, such as a password.
 *
 * @example
 * ```ts
 * const user: TestUser & { email: string } = { email: "ada@example.com", secret: generateSecret() };
 * ```
 */
export interface TestUser {
  /** The TOTP secret in base32, for codes with 6 digits, 30 seconds, and SHA-1. Otherwise, set `otpauthUri`. */
  secret?: string | undefined;
  /** The `otpauth://` URI of the setup, with the secret and its parameters. */
  otpauthUri?: string | undefined;
  /** The code that confirmed the setup, if there was one. The app must not accept it again. */
  confirmationCode?: string | undefined;
  /** At least three backup codes, for `sendBackupCode`. */
  backupCodes?: readonly string[] | undefined;
}

type SendCode<Login> = (client: TestClient, code: string, login: Login) => unknown;
/** A request of a signed-in user that requires a new code. Returns whether it succeeded. */
export type GuardedCall = (client: TestClient, code: string) => Awaitable<boolean>;
/** A request of a signed-in user that requires no code. Returns whether it took effect. */
export type ChangingCall = (client: TestClient) => Awaitable<boolean>;

/**
 * Options of {@link testTwoFactorApp}. Set exactly one of `url` and `request`.
 *
 * @example
 * ```ts
 * import { describe, it } from "node:test";
 *
 * const options: TwoFactorAppOptions<{ email: string; secret: string }> = {
 *   url: "http://127.0.0.1:3000",
 *   async createUser() {
 *     const [email, secret] = [`${crypto.randomUUID()}@example.com`, generateSecret()];
 *     await totp.importEnrollment(email, { secret, encoding: "base32" });
 *     return { email, secret };
 *   },
 *   signIn: (client, { email }) => client.send("POST /login", { json: { email, password: "correct horse" } }),
 *   sendCode: (client, code) => client.send("POST /login/code", { json: { code } }),
 *   isSignedIn: async (client) => (await client.send("GET /account")).status === 200,
 * };
 * testTwoFactorApp({ describe, it }, options);
 * ```
 */
export interface TwoFactorAppOptions<User extends object = object, Login = unknown> {
  /** Address of the app, or a function that returns it when the tests run. */
  url?: string | ReadUrl | undefined;
  /** Sends a request to an app that does not listen on a port. It must not follow redirects. */
  request?: SendRequest | undefined;
  /** Creates a new user with two-factor on, and returns what `signIn` needs. */
  createUser: () => Awaitable<User & TestUser>;
  /**
   * Passes the first factor, such as the password. Its return value is passed to `sendCode`. It must not throw if the
   * app refuses.
   */
  signIn: (client: TestClient, user: User) => Awaitable<Login>;
  /**
   * Sends a code as the second step: as a field of `json` or `form`, in a header, in the query, or in the path. If the
   * response contains an access token, it must put that into `client.headers`.
   */
  sendCode: SendCode<Login>;
  /** Opens something that requires both steps, and returns whether it succeeded. */
  isSignedIn: (client: TestClient) => Awaitable<boolean>;
  /** Sends a backup code as the second step. Often the same function as `sendCode`. */
  sendBackupCode?: SendCode<Login> | undefined;
  /** Requests of a signed-in user that require a new code each time, by name: a transfer, new backup codes. */
  guarded?: Readonly<Record<string, GuardedCall>> | undefined;
  /**
   * Requests of a signed-in user that require a code from the last few minutes, by name. Each returns whether it succeeded.
   * Requires `stepUp` and `advance`.
   */
  fresh?: Readonly<Record<string, ChangingCall>> | undefined;
  /** Sends a code of a signed-in user, after which the calls in `fresh` succeed for a while. */
  stepUp?: ((client: TestClient, code: string) => unknown) | undefined;
  /**
   * Seconds after a code in which the calls in `fresh` succeed.
   *
   * @default 300
   */
  freshForSeconds?: number | undefined;
  /** Turns two-factor off with a new code, and returns whether it is off. */
  disable?: GuardedCall | undefined;
  /** Requests of a signed-in user that change something without a code, by name. For the cross-site attacks. */
  changes?: Readonly<Record<string, ChangingCall>> | undefined;
  /** Creates a user with two-factor off, and returns what `signIn` needs. */
  createUserWithoutTotp?: (() => Awaitable<User>) | undefined;
  /** Begins a setup without a code, and returns the secret in the response, or nothing if it was refused. */
  beginSetup?: ((client: TestClient) => Awaitable<string | null | undefined>) | undefined;
  /** Confirms the setup that was begun last, and returns the backup codes in the response, if there are any. */
  confirmSetup?:
    | ((client: TestClient, code: string) => Awaitable<readonly string[] | null | undefined>)
    | undefined;
  /** Seconds after `signIn` in which a setup can begin, if the app requires a recent login. */
  setupWithinSeconds?: number | undefined;
  /**
   * Paths to search for secrets as a signed-in user, such as the profile and the status of two-factor.
   *
   * @default []
   */
  paths?: readonly string[] | undefined;
  /** Moves the clock of the app forward. Without it, attacks that need more than one code are skipped. */
  advance?: ((seconds: number) => unknown) | undefined;
  /**
   * Clock of the app, which `advance` moves.
   *
   * @default Date.now
   */
  now?: Clock | undefined;
  /**
   * Wrong codes in a row after which an account must be locked.
   *
   * @default 10
   */
  lockAfter?: number | undefined;
  /**
   * Number of parallel requests with one code.
   *
   * @default 10
   */
  parallel?: number | undefined;
}
