import { field, onlyRow, reject, resultField, storedText, wroteOneRow } from "./results.js";

/** A prepared statement: its parameters require no escaping, which would depend on the sql_mode. */
export type Execute = (sql: string, values: (string | number | null)[]) => Promise<unknown>;

export const STORE = "createMysqlStore";

/** A condition that ignores collations and padding, with which `a`, `A`, and `a ` can be equal. */
export function sameBytes(column: string): string {
  return `CAST(${column} AS BINARY) <=> CAST(? AS BINARY)`;
}

/**
 * A query that always returns one row, even for a user without one. It also reads `autocommit`: if that is off, a
 * connection keeps reading the data of its first query.
 */
export function readStatement(
  table: string,
  userIdColumn: string,
  column: string,
  condition: string,
): string {
  return `SELECT @@autocommit AS autocommit, ${userIdColumn} IS NOT NULL AS has_row, ${column} AS value
FROM (SELECT 1) AS always LEFT JOIN ${table} ON ${condition}`;
}

/** Reads the result of a {@link readStatement}. */
export function readRow(rows: unknown): { hasRow: boolean; value: string | undefined } {
  const row = onlyRow(STORE, rows);
  const value = storedText(STORE, field(STORE, row, "value"));
  if (!flag(field(STORE, row, "autocommit"))) rejectUncommitted("autocommit off");
  return { hasRow: flag(field(STORE, row, "has_row")), value };
}

/** With `bigNumberStrings`, `mysql2` returns numbers as strings. */
function flag(value: unknown): boolean {
  return wroteOneRow(STORE, value === "1" || value === "0" ? Number(value) : value);
}

/** Flags of the protocol (`SERVER_STATUS_…`). */
const IN_TRANSACTION = 1;
const AUTOCOMMIT = 2;

/**
 * Whether a write matched its row. Throws if it is not committed. If the app has turned off the flag FOUND_ROWS of
 * `mysql2`, a row that did not change is not counted, and the caller has to check.
 */
export function foundRow(header: unknown): boolean {
  if (!wroteOneRow(STORE, resultField(header, "affectedRows"))) return false;
  const status = resultField(header, "serverStatus");
  if (typeof status !== "number") reject(STORE, "a result with the key serverStatus", "none");
  if (!(status & AUTOCOMMIT)) rejectUncommitted("autocommit off");
  if (status & IN_TRANSACTION) rejectUncommitted("an open transaction");
  return true;
}

function rejectUncommitted(got: string): never {
  const fix = "If an app rolls back the write that accepted a code, the code works again.";
  reject(STORE, "a connection that commits each statement", `one with ${got}`, fix);
}

/** Also true if the client does not return the number of warnings. */
export function hasWarnings(header: unknown): boolean {
  return resultField(header, "warningStatus") !== 0;
}
