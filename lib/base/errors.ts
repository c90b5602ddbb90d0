/** What is wrong with the configuration or with an argument. */
export type TotpConfigErrorCode =
  | "UNKNOWN_OPTION"
  | "MISSING_OPTION"
  | "INVALID_OPTION"
  | "FACTORY_NOT_CALLED";

interface Expectation {
  /** What was expected, such as `an integer from 16 to 64`. */
  expected: string;
  /** What was given instead; never the content of a secret. */
  got: string;
  /** How to mend it, where there is more to say than `expected` does. */
  fix?: string | undefined;
}

function explain(subject: string, { expected, got, fix }: Expectation): string {
  const sentence = `${subject}: expected ${expected}, got ${got}.`;
  return fix ? `${sentence} ${fix}` : sentence;
}

/** The page ships with the package and has a section for each code. */
function seeAlso(code: string): string {
  return `See express-totp-setup/docs/errors.md#${code.toLowerCase()}`;
}

/**
 * A mistake in the app's code: an option or argument that the library cannot work with. Thrown immediately, when a
 * router is created or a function is called, and never because of what a client sent.
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

  /** The option or argument that is wrong. */
  readonly option: string;
  readonly expected: string;
  readonly got: string;
  readonly fix: string | undefined;

  constructor(
    /** Stable, for programs; the message is for people and may change. */
    readonly code: TotpConfigErrorCode,
    option: string,
    expectation: Expectation,
  ) {
    super(`${explain(option, expectation)} ${seeAlso(code)}`);
    this.option = option;
    this.expected = expectation.expected;
    this.got = expectation.got;
    this.fix = expectation.fix;
  }
}

/**
 * A callback of the app, or the store, returned something that the library cannot use. The client receives a 500 without
 * details; `onError` is called with this error.
 */
export class TotpCallbackError extends Error {
  static {
    // On the prototype, so that stack traces begin with it too.
    TotpCallbackError.prototype.name = "TotpCallbackError";
  }

  readonly code = "INVALID_CALLBACK_RESULT";
  readonly expected: string;
  readonly got: string;

  constructor(
    /** The callback or option that returned it. */
    readonly callback: string,
    expectation: Expectation,
  ) {
    super(`${explain(callback, expectation)} ${seeAlso("INVALID_CALLBACK_RESULT")}`);
    this.expected = expectation.expected;
    this.got = expectation.got;
  }
}

/** A callback of the app took too long. The client receives a 503; `onError` is called with this error. */
export class TotpTimeoutError extends Error {
  static {
    // On the prototype, so that stack traces begin with it too.
    TotpTimeoutError.prototype.name = "TotpTimeoutError";
  }

  readonly code = "CALLBACK_TIMEOUT";
  readonly status = 503;
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
 * The stored value of a user cannot be read: it was damaged, its key is missing, or a newer version wrote it. No code is
 * accepted and nothing is overwritten. The message contains nothing of the value.
 */
export class TotpStateError extends Error {
  static {
    TotpStateError.prototype.name = "TotpStateError";
  }

  readonly code = "UNREADABLE_STATE";

  constructor(
    /** What is wrong with the value, such as `was cut or changed`. */
    readonly problem: string,
    fix?: string,
  ) {
    super(
      `The stored TOTP value ${problem}.${fix ? ` ${fix}` : ""} ${seeAlso("UNREADABLE_STATE")}`,
    );
  }
}
