import { describeKind, describeValue } from "./describe.js";
import { TotpConfigError } from "./errors.js";
import { nearestName } from "./nearest-name.js";

/** Returns the checked value of an option, or throws a {@link TotpConfigError} that names the option. */
export type Check<T> = (option: string, value: unknown) => T;

/** Throws for the first unknown key of `options`, and suggests the nearest known name. */
export function rejectUnknownOptions(options: object, known: readonly string[], of = ""): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const meant = nearestName(key, known);
    throw new TotpConfigError("UNKNOWN_OPTION", `${of}${key}`, {
      expected: `one of the options ${known.join(", ")}`,
      got: "an unknown option",
      fix: meant && `Did you mean ${meant}?`,
    });
  }
}

/** The error does not show the value, which can be a secret, as in `verifyTotp(secret, code)`. */
export function optionsObject(value: unknown, of: string): object {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new TotpConfigError("INVALID_OPTION", of, {
    expected: "an object of options",
    got: describeKind(value),
  });
}

export function invalid(option: string, expected: string, value: unknown, fix?: string): never {
  const code = value === undefined ? "MISSING_OPTION" : "INVALID_OPTION";
  throw new TotpConfigError(code, option, { expected, got: describeValue(value), fix });
}

export function integerBetween(min: number, max: number, fix?: string): Check<number> {
  return (option, value) => {
    if (Number.isInteger(value) && Number(value) >= min && Number(value) <= max)
      return Number(value);
    return invalid(option, `an integer from ${min} to ${max}`, value, fix);
  };
}

export function oneOf<const T extends string | number | boolean>(
  allowed: readonly T[],
  fix?: string,
): Check<T> {
  return (option, value) => {
    const match = allowed.find((candidate) => candidate === value);
    if (match !== undefined) return match;
    return invalid(option, allowed.map((each) => JSON.stringify(each)).join(" or "), value, fix);
  };
}

/** The type parameter is unchecked: the parameters and the result of a function are known only when it is called. */
export function callback<T>(signature: string): Check<T> {
  return (option, value) => {
    if (typeof value === "function") return value as T;
    return invalid(option, `a function ${signature}`, value);
  };
}
