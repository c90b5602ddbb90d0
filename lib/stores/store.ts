import type { Awaitable } from "../base/awaitable.js";

/** What a write may say besides the value. */
export interface CompareAndSetOptions {
  /**
   * From then on the value is worth nothing and may be dropped. A store that cannot drop values ignores
   * it. A write without it makes the value stay.
   */
  expiresAt?: Date | undefined;
  /**
   * Whether the user has TOTP on with this value, for a column that reports can query. A store without such a
   * column ignores it. A write without it means `false`, and so does a deletion.
   *
   * @default false
   */
  isEnabled?: boolean | undefined;
}

/**
 * Keeps one opaque string a user. Everything that must hold in parallel and across processes rests on
 * `compareAndSet` being atomic; `express-totp-setup/testing` proves a store.
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
  /** The user's value, or `undefined` where there is none. It must see every write that won before. */
  get(userId: string): Awaitable<string | undefined>;
  /**
   * Replaces `expected` by `next` in one atomic step. `undefined` stands for no value, on one side at most;
   * a value is never empty, and has no NUL character. Values and user ids are compared to the byte: case,
   * trailing spaces and Unicode forms count.
   *
   * @returns `true` where it was replaced; `false`, with nothing changed, where the value is not `expected`,
   *   and only there: a store that is busy or cannot tell throws.
   */
  compareAndSet(
    userId: string,
    expected: string | undefined,
    next: string | undefined,
    options?: CompareAndSetOptions,
  ): Awaitable<boolean>;
}
