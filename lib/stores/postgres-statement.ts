import { resultField, textOfRows, wroteOneRow } from "./results.js";

/**
 * The client of {@link createPostgresStore}: a `Pool` of `pg`.
 *
 * @example
 * ```ts
 * import { Pool } from "pg";
 *
 * const pool: PostgresClient = new Pool({ connectionString: process.env.DATABASE_URL });
 * const store = createPostgresStore(pool);
 * ```
 */
export interface PostgresClient {
  /** Runs a statement with parameters. */
  query(text: string, values: unknown[]): PromiseLike<{ rows: unknown[]; rowCount: number | null }>;
}

export type Query = PostgresClient["query"];

export const STORE = "createPostgresStore";

export function textOf(result: unknown): string | undefined {
  return textOfRows(STORE, resultField(result, "rows"), "value");
}

export function changedOne(result: unknown): boolean {
  return wroteOneRow(STORE, resultField(result, "rowCount"));
}
