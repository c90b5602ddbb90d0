import { changedOne, type Query, textOf } from "./postgres-statement.js";
import type { ColumnTarget } from "./sql.js";
import type { TotpStore } from "./store.js";

/** The store over a column of the app's table of users. */
export function postgresColumn(
  query: Query,
  { table, column, userIdColumn, enabledColumn }: ColumnTarget,
): TotpStore {
  // PostgreSQL reads $1 as the type of the id column, so that its index serves; a cast of the column would
  // not. The cast of the value, to compare, undoes what citext and collations hold equal.
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
