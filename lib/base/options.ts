import { type Check, optionsObject, rejectUnknownOptions } from "./checks.js";

/** One option of a factory. */
export interface Option<Value, Default = unknown, IsRequired extends boolean = boolean> {
  readonly isRequired: IsRequired;
  /** The value that is used if the option is not set. It is checked like any other value. */
  readonly default: Default;
  /** Returns the value to use for the one that was passed, which is `undefined` if the option is not set. */
  readonly resolve: Check<Value>;
}

/**
 * The options of a factory, in the order in which they are checked. With `satisfies OptionTable<Interface>`, the
 * compiler reports a missing or surplus name, a wrong `?`, and a default that the interface does not allow.
 */
export type OptionTable<Options = object> = {
  readonly [Name in keyof Options]-?: undefined extends Options[Name]
    ? Option<unknown, Options[Name] | undefined, false>
    : Option<unknown, undefined, true>;
};

/** The configuration that a table of options resolves to. */
export type Resolved<Table> = {
  [Name in keyof Table]: Table[Name] extends Option<infer Value> ? Value : never;
};

export function required<T>(check: Check<T>): Option<T, undefined, true> {
  // The checks themselves distinguish a missing value from a wrong one.
  return { isRequired: true, default: undefined, resolve: check };
}

export function optional<T>(check: Check<T>): Option<T | undefined, undefined, false> {
  return {
    isRequired: false,
    default: undefined,
    resolve: (name, value) => (value === undefined ? undefined : check(name, value)),
  };
}

export function withDefault<const Default, T>(
  standard: Default,
  check: Check<T>,
): Option<T, Default, false> {
  return {
    isRequired: false,
    default: standard,
    resolve: (name, value) => check(name, value === undefined ? standard : value),
  };
}

/** Checks an object of options inside another one. Errors name both, as in `qrCode.margin`. */
export function nested<Table extends Readonly<Record<string, Option<unknown>>>>(
  table: Table,
): Check<Resolved<Table>> {
  return (option, value) => resolveOptions(option, table, value, `${option}.`);
}

/**
 * Checks options against their table, and fills in the defaults. Only `undefined` counts as not set: an option that
 * failed to load as `null` must not silently become its default.
 *
 * @param of - The function that takes the options, for error messages.
 * @param prefix - Precedes the names of the options in error messages.
 * @throws {@link TotpConfigError} for the first invalid option.
 */
export function resolveOptions<Table extends Readonly<Record<string, Option<unknown>>>>(
  of: string,
  table: Table,
  given: unknown,
  prefix = "",
): Resolved<Table> {
  const options = optionsObject(given, of) as Readonly<Record<string, unknown>>;
  rejectUnknownOptions(options, Object.keys(table), prefix);
  const resolved: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(table)) {
    resolved[name] = option.resolve(prefix + name, options[name]);
  }
  return resolved as Resolved<Table>;
}
