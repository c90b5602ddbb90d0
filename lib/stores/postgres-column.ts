import { changedOne, type Query, textOf } from "./postgres-statement.js";
import type { ColumnTarget } from "./sql.js";
import type { TotpStore } from "./store.js";

/** The store in a column of the app's users table. */
export function postgresColumn(
  query: Query,
  { table, column, userIdColumn, enabledColumn }: ColumnTarget,
): TotpStore {
  // PostgreSQL converts $1 to the type of the id column and uses its index, which a cast of the column would prevent.
  // The cast of the value makes the comparison exact, also for citext and non-deterministic collations.
  const read = `SELECT ${column}::text AS value FROM ${table} WHERE ${userIdColumn} = $1`;
  const setEnabled = enabledColumn ? `, ${enabledColumn} = $4` : "";
  const write = `UPDATE ${table} SET ${column} = $3${setEnabled}
WHERE ${userIdColumn} = $1 AND ${column}::text COLLATE "C" IS NOT DISTINCT FROM $2`;

  return {
    async get(userId) {
      return textOf(await query(read, [userId]));
    },
    async compareAndSet(userId, expected, next, { isEnabled = false } = {}) {
      const values = [userId, expected ?? null, next ?? null];
      const enabled = enabledColumn ? [next !== undefined && isEnabled] : [];
      return changedOne(await query(write, [...values, ...enabled]));
    },
  };
}
