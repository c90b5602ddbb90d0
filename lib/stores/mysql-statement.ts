import { resultField, textOfRows, wroteOneRow } from "./results.js";

/** Parameters travel beside the statement: no escaping, and no sql_mode that would change it. */
export type Execute = (sql: string, values: (string | number | null)[]) => Promise<unknown>;

export const STORE = "createMysqlStore";

/** A condition that no collation loosens and no padding: for MySQL `a`, `A` and `a ` may be equal. */
export function sameBytes(column: string): string {
  return `CAST(${column} AS BINARY) <=> CAST(? AS BINARY)`;
}

export function textOf(rows: unknown): string | undefined {
  return textOfRows(STORE, rows, "value");
}

/**
 * Whether a write found its row. Where the app has turned the flag FOUND_ROWS of `mysql2` off, a row that
 * was left as it was is not counted: then the caller has to look.
 */
export function foundRow(header: unknown): boolean {
  return wroteOneRow(STORE, resultField(header, "affectedRows"));
}

/** Also where the client does not say. */
export function hasWarnings(header: unknown): boolean {
  return resultField(header, "warningStatus") !== 0;
}
