import { resultField, textOfRows, wroteOneRow } from "./results.js";

/** What is needed of a prepared statement. */
export interface SqliteStatement {
  all(...values: unknown[]): unknown[];
  run(...values: unknown[]): { changes: number | bigint };
}

/** What is needed of a database: those of `better-sqlite3` and `node:sqlite` have it. */
export interface SqliteDatabase {
  prepare(sql: string): SqliteStatement;
}

/** A statement is prepared at its first use, as its table may not exist before, and then kept. */
export type Prepare = SqliteDatabase["prepare"];

export const STORE = "createSqliteStore";

export function textOf(rows: unknown): string | undefined {
  return textOfRows(STORE, rows, "value");
}

export function changesOne(result: unknown): boolean {
  return wroteOneRow(STORE, resultField(result, "changes"));
}
