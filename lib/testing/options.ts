import type { Awaitable } from "../base/awaitable.js";
import {
  callback,
  integerBetween,
  invalid,
  optionsObject,
  rejectUnknownOptions,
} from "../base/checks.js";

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

/** Options that were checked, every one in place. */
export interface TestConfig {
  expires: boolean;
  parallel: number;
  createUser: TotpStoreTestOptions["createUser"];
  readEnabled: TotpStoreTestOptions["readEnabled"];
}

const OPTION_NAMES = Object.keys({
  expires: true,
  parallel: true,
  createUser: true,
  readEnabled: true,
} satisfies Record<keyof TotpStoreTestOptions, true>);

/** @throws {@link TotpConfigError} for the first thing that is wrong. */
export function resolveTestOptions(options: TotpStoreTestOptions): TestConfig {
  rejectUnknownOptions(optionsObject(options, "testTotpStore"), OPTION_NAMES);
  const { expires = true, parallel = 200, createUser, readEnabled } = options;
  if (typeof expires !== "boolean") invalid("expires", "true or false", expires);
  if (createUser !== undefined) callback("() => string")("createUser", createUser);
  if (readEnabled !== undefined) callback("(userId) => boolean")("readEnabled", readEnabled);
  return {
    expires,
    // Two are no race worth the name, and past ten thousand a runner's memory is what is tested.
    parallel: integerBetween(10, 10_000)("parallel", parallel),
    createUser,
    readEnabled,
  };
}
