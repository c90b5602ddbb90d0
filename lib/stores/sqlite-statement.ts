import { resultField, textOfRows, wroteOneRow } from "./results.js";

/**
 * A prepared statement of a {@link SqliteDatabase}.
 *
 * @example
 * ```ts
 * import Database from "better-sqlite3";
 *
 * const statement: SqliteStatement = new Database("app.db").prepare("SELECT 1 AS one");
 * console.log(statement.all());
 * ```
 */
export interface SqliteStatement {
  /** Runs the statement and returns its rows. */
  all(...values: unknown[]): unknown[];
  /** Runs the statement and returns the number of rows that it changed. */
  run(...values: unknown[]): { changes: number | bigint };
}

/**
 * The database of {@link createSqliteStore}: of `better-sqlite3`, or of `node:sqlite`.
 *
 * @example
 * ```ts
 * import Database from "better-sqlite3";
 *
 * const db: SqliteDatabase = new Database("app.db");
 * const store = createSqliteStore(db);
 * ```
 */
export interface SqliteDatabase {
  /** Prepares a statement. */
  prepare(sql: string): SqliteStatement;
}

/** Prepares each statement when it is first used, because its table may not exist before, and then caches it. */
export type Prepare = SqliteDatabase["prepare"];

export const STORE = "createSqliteStore";

export function textOf(rows: unknown): string | undefined {
  return textOfRows(STORE, rows, "value");
}

export function changesOne(result: unknown): boolean {
  return wroteOneRow(STORE, resultField(result, "changes"));
}
