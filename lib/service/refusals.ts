/**
 * Single TOTP codes are locked after too many wrong ones. Backup codes and three consecutive codes still work.
 *
 * @example
 * ```ts
 * const outcome = await totp.verify(user.id, "123456");
 * if (!outcome.ok && outcome.reason === "locked") res.set("Retry-After", String(outcome.retryAfterSeconds));
 * ```
 */
export interface Locked {
  /** The code was not verified. */
  ok: false;
  /** Why. */
  reason: "locked";
  /** Whole seconds until the lock ends. */
  retryAfterSeconds: number;
}

/**
 * There were too many calls for this user at the same time. No code was accepted or counted.
 *
 * @example
 * ```ts
 * const outcome: { ok: true } | Busy = await totp.revokeDevices(user.id);
 * if (!outcome.ok) console.log(`Try again in ${outcome.retryAfterSeconds} s`);
 * ```
 */
export interface Busy {
  /** Nothing was changed. */
  ok: false;
  /** Why. */
  reason: "busy";
  /** Whole seconds after which to try again. */
  retryAfterSeconds: number;
}

/**
 * An outcome that says why a call was refused. Branch on `reason`: `docs/errors.md` lists them.
 *
 * @example
 * ```ts
 * const notEnabled: Refused<"not_enabled"> = { ok: false, reason: "not_enabled" };
 * ```
 */
export interface Refused<Reason extends string> {
  /** The call was refused. */
  ok: false;
  /** Why. */
  reason: Reason;
}

/**
 * The first code of a setup would be right at another time, so one of the two clocks is off.
 *
 * @example
 * ```ts
 * const outcome = await totp.confirm(user.id, "123456");
 * if (!outcome.ok && outcome.reason === "clock_skew") {
 *   console.log(`Set your phone's clock: it is ${outcome.offsetSeconds} seconds ahead.`);
 * }
 * ```
 */
export interface ClockSkew {
  /** TOTP was not enabled. */
  ok: false;
  /** Why. */
  reason: "clock_skew";
  /** How far the authenticator app's clock is ahead, in seconds. Negative if it is behind. */
  offsetSeconds: number;
}

/**
 * A code was refused: it is wrong or was used already (`wrong_code`), it cannot be a code (`malformed_code`), single
 * codes are locked, or there were too many calls at the same time.
 *
 * @example
 * ```ts
 * const statusOf = (refusal: CodeRefused) => ("retryAfterSeconds" in refusal ? 429 : 422);
 * ```
 */
export type CodeRefused = Refused<"wrong_code" | "malformed_code"> | Locked | Busy;

/**
 * A change was refused while TOTP is on, because there was no proof (`code_required`) or its code was refused.
 *
 * @example
 * ```ts
 * const asksForCode = (refusal: ProofRefused) => refusal.reason === "code_required";
 * ```
 */
export type ProofRefused = Refused<"code_required"> | CodeRefused;

/** Frozen, because all calls return the same object. */
export const BUSY: Busy = Object.freeze({ ok: false, reason: "busy", retryAfterSeconds: 1 });
