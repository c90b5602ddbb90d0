import { describeKind } from "../base/describe.js";
import { TotpCallbackError } from "../base/errors.js";

/**
 * Reads the column with a user's string, in a store of your own. Throws if the value is neither a string nor `null`, so
 * that a driver or ORM that returns rows in another shape never looks like "TOTP is off".
 *
 * @param store - Name of the store, for the error.
 * @param value - Value of the column. `undefined` throws, because it means that the row has no such column.
 * @returns The string, or `undefined` if the value is `null`.
 * @throws {@link TotpCallbackError} if the value is anything else. The error never contains the value.
 * @example
 * ```ts
 * const user = await knex("users").where({ id: userId }).first("totp");
 * return user ? storedText("createKnexStore", user.totp) : undefined;
 * ```
 */
export function storedText(store: string, value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (value === null) return undefined;
  return reject(store, "the user's string, or null", kindOf(value));
}

/**
 * Reads how many rows a conditional write matched, in a store of your own. Throws if the number is neither 0 nor 1, so
 * that a missing number is not mistaken for a write that lost.
 *
 * @param store - Name of the store, for the error.
 * @param count - Number of rows that matched.
 * @returns `true` for 1, `false` for 0.
 * @throws {@link TotpCallbackError} if the count is anything else.
 * @example
 * ```ts
 * const matched = await knex("users").where({ id: userId, totp: expected ?? null }).update({ totp: next ?? null });
 * return wroteOneRow("createKnexStore", matched);
 * ```
 */
export function wroteOneRow(store: string, count: unknown): boolean {
  if (count === 1 || count === 1n) return true;
  if (count === 0 || count === 0n) return false;
  const isCount = typeof count === "bigint" || Number.isInteger(count);
  const got = isCount ? `${count} rows` : kindOf(count);
  const fix = isCount ? NOT_UNIQUE : undefined;
  return reject(store, "a write that matches 0 rows or 1 row", got, fix);
}

const NOT_UNIQUE = "The column with the user's id must be unique.";
const ROW_SHAPE =
  "Turn off the client's options that change the shape of rows (such as rowsAsArray, nestTables, rowMode, returnArrays, raw), or pass a separate client to the store.";

/** Reads a column of a query that returns at most one row. */
export function textOfRows(store: string, rows: unknown, column: string): string | undefined {
  const { length } = checkRows(store, rows);
  return length === 0 ? undefined : storedText(store, field(store, onlyRow(store, rows), column));
}

/** Returns the row of a query that always has one. */
export function onlyRow(store: string, rows: unknown): unknown {
  const given = checkRows(store, rows);
  return given.length === 1 ? given[0] : reject(store, "one row", "none", ROW_SHAPE);
}

function checkRows(store: string, rows: unknown): readonly unknown[] {
  if (!Array.isArray(rows)) return reject(store, "an array of rows", kindOf(rows), ROW_SHAPE);
  if (rows.length > 1) reject(store, "at most one row", `${rows.length} rows`, NOT_UNIQUE);
  return rows;
}

/** Reads a column of a row. Throws if the row has another shape, such as an array or a nested object. */
export function field(store: string, row: unknown, column: string): unknown {
  const isRecord = typeof row === "object" && row !== null && !Array.isArray(row);
  if (isRecord && column in row) return (row as Record<string, unknown>)[column];
  return reject(store, `a row that is an object with the key ${column}`, kindOf(row), ROW_SHAPE);
}

/** Reads a field of a client's result, which can be anything. */
export function resultField(result: unknown, name: string): unknown {
  return ((result ?? {}) as Record<string, unknown>)[name];
}

export function reject(store: string, expected: string, got: string, fix?: string): never {
  throw new TotpCallbackError(store, { expected, got, fix });
}

/** Describes only the kind of the value, even for numbers and booleans. */
function kindOf(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") return `a ${typeof value}`;
  return describeKind(value);
}
