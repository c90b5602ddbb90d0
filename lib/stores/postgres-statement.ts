import { resultField, textOfRows, wroteOneRow } from "./results.js";

/** What is needed of a client: `Pool` and `Client` of `pg` have it. */
export interface PostgresClient {
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
