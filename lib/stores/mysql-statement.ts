/** Parameters travel beside the statement: no escaping, and no sql_mode that would change it. */
export type Execute = (sql: string, values: (string | number | null)[]) => Promise<unknown>;

/** A condition that no collation loosens and no padding: for MySQL `a`, `A` and `a ` may be equal. */
export function sameBytes(column: string): string {
  return `CAST(${column} AS BINARY) <=> CAST(? AS BINARY)`;
}

export function firstRow(rows: unknown): { value: string | null } | undefined {
  return (rows as { value: string | null }[])[0];
}

/**
 * Whether a write found its row. Where the app has turned the flag FOUND_ROWS of `mysql2` off, a row that
 * was left as it was is not counted: then the caller has to look.
 */
export function foundRow(header: unknown): boolean {
  return (header as { affectedRows: number }).affectedRows === 1;
}

export function hasWarnings(header: unknown): boolean {
  return (header as { warningStatus: number }).warningStatus > 0;
}
