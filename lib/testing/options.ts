import type { Awaitable } from "../base/awaitable.js";
import { callback, integerBetween, oneOf } from "../base/checks.js";
import { type OptionTable, optional, type Resolved, withDefault } from "../base/options.js";

/** Options of {@link testTotpStore}. */
export interface TotpStoreTestOptions {
  /**
   * Whether values are dropped at their `expiresAt`. `false` is for a store that cannot, such as one over
   * a single nullable column: then it is only checked that `expiresAt` does no harm.
   *
   * @default true
   */
  expires?: boolean | undefined;
  /**
   * How many calls race for one value.
   *
   * @default 200
   */
  parallel?: number | undefined;
  /**
   * Makes a user and tells the id, for a store that keeps values beside users who have to exist. The ids
   * being the app's own, the checks of unusual ids are then left out. By default every check draws random
   * ids.
   *
   * @default none
   */
  createUser?: (() => Awaitable<string>) | undefined;
  /**
   * Reads the column of a store that says who has TOTP on: `false` for a user without a row. It is then checked
   * that every write keeps the column in step with the `isEnabled` that comes with it.
   *
   * @default none
   */
  readEnabled?: ((userId: string) => Awaitable<boolean>) | undefined;
}

export const STORE_TEST_OPTIONS = {
  expires: withDefault(true, oneOf([true, false])),
  // Two are no race worth the name, and past ten thousand a runner's memory is what is tested.
  parallel: withDefault(200, integerBetween(10, 10_000)),
  createUser: optional(callback<() => Awaitable<string>>("() => string")),
  readEnabled: optional(callback<(userId: string) => Awaitable<boolean>>("(userId) => boolean")),
} satisfies OptionTable<TotpStoreTestOptions>;

export type TestConfig = Resolved<typeof STORE_TEST_OPTIONS>;
