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
}

/** Options that were checked, every one in place. */
export interface TestConfig {
  expires: boolean;
  parallel: number;
  createUser: TotpStoreTestOptions["createUser"];
}

const OPTION_NAMES = Object.keys({
  expires: true,
  parallel: true,
  createUser: true,
} satisfies Record<keyof TotpStoreTestOptions, true>);

/** @throws {@link TotpConfigError} for the first thing that is wrong. */
export function resolveTestOptions(options: TotpStoreTestOptions): TestConfig {
  rejectUnknownOptions(optionsObject(options, "testTotpStore"), OPTION_NAMES);
  const { expires = true, parallel = 200, createUser } = options;
  if (typeof expires !== "boolean") invalid("expires", "true or false", expires);
  if (createUser !== undefined) callback("() => string")("createUser", createUser);
  return {
    expires,
    // Two are no race worth the name, and past ten thousand a runner's memory is what is tested.
    parallel: integerBetween(10, 10_000)("parallel", parallel),
    createUser,
  };
}
