import type { ColumnTarget } from "./sql.js";
import { changesOne, type Prepare, textOf } from "./sqlite-statement.js";
import type { TotpStore } from "./store.js";

/** The store in a column of the app's users table. */
export function sqliteColumn(
  prepare: Prepare,
  { table, column, userIdColumn, enabledColumn }: ColumnTarget,
): TotpStore {
  const read = `SELECT ${column} AS value FROM ${table} WHERE ${userIdColumn} = ?`;
  const setEnabled = enabledColumn ? `, ${enabledColumn} = ?` : "";
  const write = `UPDATE ${table} SET ${column} = ?${setEnabled}
WHERE ${userIdColumn} = ? AND ${column} COLLATE BINARY IS ?`;
  return {
    get: (userId) => textOf(prepare(read).all(userId)),
    compareAndSet(userId, expected, next, { isEnabled = false } = {}) {
      const enabled = enabledColumn ? [Number(next !== undefined && isEnabled)] : [];
      return changesOne(prepare(write).run(next ?? null, ...enabled, userId, expected ?? null));
    },
  };
}
