import { type Expectation, explain, explainUnknown, seeAlso } from "./explain.js";

/**
 * What is wrong with the configuration or with an argument. Each code has a section in `docs/errors.md`.
 *
 * @example
 * ```ts
 * const isMissing = (code: TotpConfigErrorCode) => code === "MISSING_OPTION";
 * ```
 */
export type TotpConfigErrorCode =
  | "UNKNOWN_OPTION"
  | "MISSING_OPTION"
  | "INVALID_OPTION"
  | "FACTORY_NOT_CALLED";

/**
 * Thrown if an option or argument is missing, unknown, or invalid. This is a mistake in the app's code, so it is thrown
 * right away, when a router is created or a function is called, and never because of what a client sent.
 *
 * @example
 * ```ts
 * try {
 *   createTotpSetupRouter({ authenticate, savePendingSecret, secretBytes: 8 });
 * } catch (error) {
 *   // secretBytes: expected an integer from 16 to 64, got 8 (number). …
 *   if (error instanceof TotpConfigError) console.error(error.code, error.message);
 * }
 * ```
 */
export class TotpConfigError extends TypeError {
  static {
    // On the prototype, so that stack traces begin with it too.
    TotpConfigError.prototype.name = "TotpConfigError";
  }

  /** The option or argument that is wrong, such as `qrCode.margin`. */
  readonly option: string;
  /** What was expected, such as `an integer from 16 to 64`. */
  readonly expected: string;
  /** What was passed instead. Never contains a secret. */
  readonly got: string;
  /** How to fix it, if there is more to say. */
  readonly fix: string | undefined;

  constructor(
    /** Stable, for programs. The message is for people and can change. */
    readonly code: TotpConfigErrorCode,
    option: string,
    expectation: Expectation,
  ) {
    const isUnknown = code === "UNKNOWN_OPTION";
    const message = (isUnknown ? explainUnknown : explain)(option, expectation);
    super(`${message} ${seeAlso(code)}`);
    this.option = option;
    this.expected = expectation.expected;
    this.got = expectation.got;
    this.fix = expectation.fix;
  }
}

/**
 * Thrown if a callback of the app, or the store, returns something that the library cannot use. The client receives a
 * 500 without details, and `onError` is called with this error.
 *
 * @example
 * ```ts
 * const onError = (error: unknown) => {
 *   // authenticate: expected a user id …, got an object with the keys name. …
 *   if (error instanceof TotpCallbackError) console.error(error.callback, error.message);
 * };
 * ```
 */
export class TotpCallbackError extends Error {
  static {
    // On the prototype, so that stack traces begin with it too.
    TotpCallbackError.prototype.name = "TotpCallbackError";
  }

  /** Stable, for programs. */
  readonly code = "INVALID_CALLBACK_RESULT";
  /** What was expected. */
  readonly expected: string;
  /** What was returned instead, without its content. */
  readonly got: string;

  constructor(
    /** The callback or option that returned it, such as `authenticate`. */
    readonly callback: string,
    expectation: Expectation,
  ) {
    super(`${explain(callback, expectation)} ${seeAlso("INVALID_CALLBACK_RESULT")}`);
    this.expected = expectation.expected;
    this.got = expectation.got;
  }
}

/**
 * Thrown if a callback of the app, or the store, takes longer than the option `timeoutMs`. The client receives a 503,
 * and `onError` is called with this error.
 *
 * @example
 * ```ts
 * const onError = (error: unknown) => {
 *   if (error instanceof TotpTimeoutError) console.error(`${error.callback}: ${error.timeoutMs} ms`);
 * };
 * ```
 */
export class TotpTimeoutError extends Error {
  static {
    // On the prototype, so that stack traces begin with it too.
    TotpTimeoutError.prototype.name = "TotpTimeoutError";
  }

  /** Stable, for programs. */
  readonly code = "CALLBACK_TIMEOUT";
  /** The HTTP status of the response. */
  readonly status = 503;
  /** Whether the client can see the message. */
  readonly expose = false;

  constructor(
    /** The callback that took too long. */
    readonly callback: string,
    /** The limit, in milliseconds. */
    readonly timeoutMs: number,
  ) {
    super(
      `${callback} took longer than ${timeoutMs} ms (option timeoutMs). ${seeAlso("CALLBACK_TIMEOUT")}`,
    );
  }
}

/**
 * Thrown if the stored value of a user cannot be read: it was damaged, its key is missing, or a newer version wrote it.
 * No code is accepted and nothing is overwritten. The message contains no part of the value.
 *
 * @example
 * ```ts
 * try {
 *   await totp.status(user.id);
 * } catch (error) {
 *   if (!(error instanceof TotpStateError)) throw error;
 *   console.error(error.userId, error.problem); // 7 was truncated or changed
 * }
 * ```
 */
export class TotpStateError extends Error {
  static {
    TotpStateError.prototype.name = "TotpStateError";
  }

  /** Stable, for programs. */
  readonly code = "UNREADABLE_STATE";

  constructor(
    /** What is wrong with the value, such as `was truncated or changed`. */
    readonly problem: string,
    /** What to do about it, if there is more to say. */
    readonly fix?: string,
    /** The user whose value it is, as the store knows it. Not in the message, because an id can be an email address. */
    readonly userId?: string,
  ) {
    super(
      `The stored TOTP value ${problem}.${fix ? ` ${fix}` : ""} ${seeAlso("UNREADABLE_STATE")}`,
    );
  }
}
