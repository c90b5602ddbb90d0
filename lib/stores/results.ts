import { describeKind } from "../base/describe.js";
import { TotpCallbackError } from "../base/errors.js";

/**
 * Reads a column that holds a user's string. For stores of your own: whatever is neither a string nor `null`
 * throws, so that a driver or a mapper that returns rows in another shape never reads as "TOTP is off".
 *
 * @param store The name of the store, for the error.
 * @param value The value of the column. `undefined` throws: it means that the row has no such column.
 * @returns the string, or `undefined` if the value is `null`.
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
 * Reads how many rows a conditional write matched. For stores of your own: whatever is neither 0 nor 1 throws,
 * so that a missing count is not mistaken for a lost write.
 *
 * @param store The name of the store, for the error.
 * @param count The number of rows that matched, as a number or bigint.
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
  return reject(store, "a write to match 0 rows or 1 row", got, isCount ? NOT_UNIQUE : undefined);
}

const NOT_UNIQUE = "The column with the user's id must be unique.";
const ROW_SHAPE =
  "Turn off the options of the client that change the shape of rows (such as rowsAsArray, nestTables, rowMode, returnArrays, raw), or give the store a client of its own.";

/** The column of the one row at most that a query returned. */
export function textOfRows(store: string, rows: unknown, column: string): string | undefined {
  const { length } = checkRows(store, rows);
  return length === 0 ? undefined : storedText(store, field(store, onlyRow(store, rows), column));
}

/** The row of a query that has one always. */
export function onlyRow(store: string, rows: unknown): unknown {
  const given = checkRows(store, rows);
  return given.length === 1 ? given[0] : reject(store, "one row", "none", ROW_SHAPE);
}

function checkRows(store: string, rows: unknown): readonly unknown[] {
  if (!Array.isArray(rows)) return reject(store, "an array of rows", kindOf(rows), ROW_SHAPE);
  if (rows.length > 1) reject(store, "one row at most", `${rows.length} rows`, NOT_UNIQUE);
  return rows;
}

/** A column of a row. A row that was turned into an array or a nested object has none of that name. */
export function field(store: string, row: unknown, column: string): unknown {
  const isRecord = typeof row === "object" && row !== null && !Array.isArray(row);
  if (isRecord && column in row) return (row as Record<string, unknown>)[column];
  return reject(store, `a row as an object with the key ${column}`, kindOf(row), ROW_SHAPE);
}

/** A field of what a client returned besides rows. */
export function resultField(result: unknown, name: string): unknown {
  return ((result ?? {}) as Record<string, unknown>)[name];
}

export function reject(store: string, expected: string, got: string, fix?: string): never {
  throw new TotpCallbackError(store, { expected, got, fix });
}

/** The kind alone, also of numbers and booleans. */
function kindOf(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") return `a ${typeof value}`;
  return describeKind(value);
}
