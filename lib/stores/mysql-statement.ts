import { field, onlyRow, reject, resultField, storedText, wroteOneRow } from "./results.js";

/** Parameters travel beside the statement: no escaping, and no sql_mode that would change it. */
export type Execute = (sql: string, values: (string | number | null)[]) => Promise<unknown>;

export const STORE = "createMysqlStore";

/** A condition that no collation loosens and no padding: for MySQL `a`, `A` and `a ` may be equal. */
export function sameBytes(column: string): string {
  return `CAST(${column} AS BINARY) <=> CAST(? AS BINARY)`;
}

/**
 * A query that always has one row, also for a user without one. With `autocommit` off, the connection would go
 * on reading what was there at its first query.
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

/** What a {@link readStatement} found. */
export function readRow(rows: unknown): { hasRow: boolean; value: string | undefined } {
  const row = onlyRow(STORE, rows);
  const value = storedText(STORE, field(STORE, row, "value"));
  if (!flag(field(STORE, row, "autocommit"))) rejectUncommitted("autocommit off");
  return { hasRow: flag(field(STORE, row, "has_row")), value };
}

/** `mysql2` returns numbers as strings with `bigNumberStrings`. */
function flag(value: unknown): boolean {
  return wroteOneRow(STORE, value === "1" || value === "0" ? Number(value) : value);
}

/** Flags of the protocol (`SERVER_STATUS_…`). */
const IN_TRANSACTION = 1;
const AUTOCOMMIT = 2;

/**
 * Whether a write found its row, and is committed. Where the app has turned the flag FOUND_ROWS of `mysql2` off,
 * a row that was left as it was is not counted: then the caller has to look.
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
  const fix = "A code that was accepted by a write that is rolled back would be accepted again.";
  reject(STORE, "a connection that commits each statement", `one with ${got}`, fix);
}

/** Also where the client does not say. */
export function hasWarnings(header: unknown): boolean {
  return resultField(header, "warningStatus") !== 0;
}
