import {
  type Execute,
  foundRow,
  hasWarnings,
  readRow,
  readStatement,
  sameBytes,
} from "./mysql-statement.js";
import type { ColumnTarget } from "./sql.js";
import type { TotpStore } from "./store.js";

/** The store over a column of the app's table of users. */
export function mysqlColumn(
  execute: Execute,
  { table, column, userIdColumn, enabledColumn }: ColumnTarget,
): TotpStore {
  // The first condition serves the index, but it takes `7abc` for the number 7, and compares large numbers
  // with texts as floats. The second compares texts, under the column's own collation.
  const isUser = `${userIdColumn} = ? AND CONCAT(${userIdColumn}, '') = ?`;
  const read = readStatement(table, userIdColumn, column, isUser);
  const setEnabled = enabledColumn ? `, ${enabledColumn} = ?` : "";
  const write = `UPDATE ${table} SET ${column} = ?${setEnabled} WHERE ${isUser} AND ${sameBytes(column)}`;

  const rowOf = async (userId: string) => readRow(await execute(read, [userId, userId]));
  const get = async (userId: string) => (await rowOf(userId)).value;
  function replace(
    userId: string,
    expected: string | undefined,
    next: string | undefined,
    isEnabled: boolean,
  ) {
    const enabled = enabledColumn ? [Number(next !== undefined && isEnabled)] : [];
    return execute(write, [next ?? null, ...enabled, userId, userId, expected ?? null]);
  }

  /** Out of strict mode MySQL cuts what is too long, with a warning. A cut value would lock the user out. */
  async function undoIfCut(userId: string, expected: string | undefined, next: string) {
    const kept = await get(userId);
    if (kept === undefined || kept === next || !next.startsWith(kept)) return;
    // What the other column said before is not known, but what was too long is mostly the first that is enabled.
    await replace(userId, kept, expected, false);
    throw new Error(`The column ${column} of ${table} is too short for ${next.length} characters`);
  }

  async function holds(userId: string, value: string | undefined): Promise<boolean> {
    const row = await rowOf(userId);
    return row.hasRow && row.value === value;
  }

  return {
    get,
    async compareAndSet(userId, expected, next, { isEnabled = false } = {}) {
      const header = await replace(userId, expected, next, isEnabled);
      if (!foundRow(header)) return expected === next && (await holds(userId, next));
      if (next !== undefined && hasWarnings(header)) await undoIfCut(userId, expected, next);
      return true;
    },
  };
}
