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

/** The store in a column of the app's users table. */
export function mysqlColumn(
  execute: Execute,
  { table, column, userIdColumn, enabledColumn }: ColumnTarget,
): TotpStore {
  // The first condition uses the index, but it treats `7abc` as the number 7, and compares large numbers with texts as
  // floats. The second one compares texts, with the column's own collation.
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

  /** Without strict mode, MySQL truncates a value that is too long. Such a value would lock the user out. */
  async function undoIfCut(userId: string, expected: string | undefined, next: string) {
    const kept = await get(userId);
    if (kept === undefined || kept === next || !next.startsWith(kept)) return;
    // The previous content of the other column is unknown. Usually, the value that is too long is the first enabled
    // one.
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
