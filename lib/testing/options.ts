import type { Awaitable } from "../base/awaitable.js";
import { callback, integerBetween, oneOf } from "../base/checks.js";
import { type OptionTable, optional, type Resolved, withDefault } from "../base/options.js";

/**
 * Options of {@link testTotpStore}.
 *
 * @example
 * ```ts
 * import { describe, it } from "node:test";
 *
 * const options: TotpStoreTestOptions = { expires: false, createUser: async () => String(await users.create()) };
 * testTotpStore({ describe, it }, () => store, options);
 * ```
 */
export interface TotpStoreTestOptions {
  /**
   * Whether the store removes values at their `expiresAt`. Set `false` for a store that cannot, such as one in a
   * nullable column. The tests then only check that `expiresAt` does no harm.
   *
   * @default true
   */
  expires?: boolean | undefined;
  /**
   * Number of calls that race for one value, 10 to 10 000.
   *
   * @default 200
   */
  parallel?: number | undefined;
  /**
   * Creates a user and returns the id, for a store in the app's own users table. The checks of unusual ids are then
   * skipped. By default, the ids are random.
   *
   * @default none
   */
  createUser?: (() => Awaitable<string>) | undefined;
  /**
   * Reads the store's column that says whether a user has TOTP on. Returns `false` for a user without a row. The tests
   * then check that every write sets the column to its `isEnabled`.
   *
   * @default none
   */
  readEnabled?: ((userId: string) => Awaitable<boolean>) | undefined;
}

export const STORE_TEST_OPTIONS = {
  expires: withDefault(true, oneOf([true, false])),
  // Fewer calls are hardly a race, and with more, the memory of the test runner becomes the limit.
  parallel: withDefault(200, integerBetween(10, 10_000)),
  createUser: optional(callback<() => Awaitable<string>>("() => string")),
  readEnabled: optional(callback<(userId: string) => Awaitable<boolean>>("(userId) => boolean")),
} satisfies OptionTable<TotpStoreTestOptions>;

export type TestConfig = Resolved<typeof STORE_TEST_OPTIONS>;
