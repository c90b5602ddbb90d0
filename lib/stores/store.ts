import type { Awaitable } from "../base/awaitable.js";

/**
 * Options of `compareAndSet`. A store can ignore both.
 *
 * @example
 * ```ts
 * const options: CompareAndSetOptions = { expiresAt: new Date(Date.now() + 600_000), isEnabled: false };
 * await store.compareAndSet("7", undefined, "a value", options);
 * ```
 */
export interface CompareAndSetOptions {
  /**
   * When the value expires. After this time, a store can remove it. A value that is written without `expiresAt` does
   * not expire.
   */
  expiresAt?: Date | undefined;
  /**
   * Whether TOTP is on with this value, for a column that reports can query. A deletion also means `false`.
   *
   * @default false
   */
  isEnabled?: boolean | undefined;
}

/**
 * Stores one opaque string per user. All guarantees of the library under concurrency depend on `compareAndSet` being
 * atomic. Test a store of your own with `testTotpStore` from `express-totp-setup/testing`.
 *
 * @example
 * ```ts
 * const store: TotpStore = {
 *   async get(userId) {
 *     const { rows } = await pool.query("SELECT totp FROM users WHERE id = $1", [userId]);
 *     return rows[0] && storedText("the users table", rows[0].totp);
 *   },
 *   async compareAndSet(userId, expected, next) {
 *     const { rowCount } = await pool.query(
 *       "UPDATE users SET totp = $3 WHERE id = $1 AND totp IS NOT DISTINCT FROM $2",
 *       [userId, expected ?? null, next ?? null],
 *     );
 *     return wroteOneRow("the users table", rowCount);
 *   },
 * };
 * ```
 */
export interface TotpStore {
  /** Returns the user's value, or `undefined` if there is none. It must see every write that succeeded before. */
  get(userId: string): Awaitable<string | undefined>;
  /**
   * Replaces `expected` with `next` in one atomic step. `undefined` means no value, for one of the two at most. A value
   * is never empty and contains no NUL character. Values and user ids must be compared byte by byte: case, trailing
   * spaces, and Unicode forms matter.
   *
   * @returns `true` if the value was replaced. `false`, with nothing changed, only if the current value is not
   *   `expected`. A store that is busy, or does not know the outcome, must throw.
   */
  compareAndSet(
    userId: string,
    expected: string | undefined,
    next: string | undefined,
    options?: CompareAndSetOptions,
  ): Awaitable<boolean>;
}
