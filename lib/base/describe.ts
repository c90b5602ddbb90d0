/** Describes a value for an error message, with its content. For options that contain no secrets. */
export function describeValue(value: unknown): string {
  if (typeof value === "string") return `${JSON.stringify(value.slice(0, 80))} (string)`;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") {
    return `${value} (${typeof value})`;
  }
  return describeKind(value);
}

/** Describes a value without its content. For values that can be secret, such as results of callbacks. */
export function describeKind(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value === "string")
    return value === "" ? "an empty string" : `a string of ${value.length} characters`;
  if (typeof value === "boolean") return `${value} (boolean)`;
  if (typeof value === "number") return describeNumber(value);
  if (Array.isArray(value)) return `an array of ${value.length} elements`;
  if (typeof value !== "object") return `a ${typeof value}`;
  // Its keys would be the indexes of its bytes.
  if (value instanceof Uint8Array) return `${value.length} bytes (${className(value)})`;
  const keys = Object.keys(value);
  if (keys.length === 0) return `an object without keys (${className(value)})`;
  return `an object with the keys ${keys.slice(0, 8).join(", ")}${keys.length > 8 ? ", …" : ""}`;
}

/** A code that was read as a number is one of several digits. */
function describeNumber(value: number): string {
  const digits = String(Math.abs(value));
  if (!Number.isInteger(value) || digits.length === 1) return `${value} (number)`;
  return `an integer of ${digits.length} digits`;
}

function className(value: object): string {
  return Object.getPrototypeOf(value)?.constructor?.name ?? "no prototype";
}
