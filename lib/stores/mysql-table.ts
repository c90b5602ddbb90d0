import { type Execute, foundRow, readRow, readStatement, sameBytes } from "./mysql-statement.js";
import type { TableStore, TableTarget } from "./sql.js";

/** Room for any email address, and the longest key of all row formats of InnoDB. */
const LONGEST_ID_BYTES = 767;

/** The store in its own table. */
export function mysqlTable(execute: Execute, { table }: TableTarget): TableStore {
  const { ddl, read, insert, revive, update, remove } = statements(table);

  async function get(userId: string): Promise<string | undefined> {
    return readRow(await execute(read, [keyOf(userId)])).value;
  }

  async function insertOrRevive(key: string, columns: readonly [string, number | null, number]) {
    try {
      return foundRow(await execute(insert, [...columns, key]));
    } catch (error) {
      if ((error as { code?: unknown } | null)?.code !== "ER_DUP_ENTRY") throw error;
      // The value in the row may have expired.
      return foundRow(await execute(revive, [...columns, key]));
    }
  }

  return {
    get,
    async compareAndSet(userId, expected, next, { expiresAt, isEnabled = false } = {}) {
      const key = keyOf(userId);
      if (next === undefined) {
        if (expected === undefined) return (await get(userId)) === undefined;
        return foundRow(await execute(remove, [key, expected]));
      }
      const columns = [next, expiresAt?.getTime() ?? null, Number(isEnabled)] as const;
      if (expected === undefined) return insertOrRevive(key, columns);
      if (foundRow(await execute(update, [...columns, key, expected]))) return true;
      return expected === next && (await get(userId)) === next;
    },
    async createTable() {
      await execute(ddl, []);
      return ddl;
    },
  };
}

/** Hexadecimal, so that no character set or collation can treat two users as the same. */
function keyOf(userId: string): string {
  const bytes = Buffer.from(userId);
  if (bytes.length <= LONGEST_ID_BYTES) return bytes.toString("hex");
  // Without strict mode, MySQL would truncate it.
  throw new RangeError(
    `A user id of ${bytes.length} bytes is too long: the table stores up to ${LONGEST_ID_BYTES}`,
  );
}

function statements(table: string) {
  // Milliseconds since 1970. UNIX_TIMESTAMP(NOW(3)) is wrong in the hour in which daylight saving time ends.
  const now = "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000";
  const isLive = `(expires_at IS NULL OR expires_at > ${now})`;
  const isExpected = `user_id = UNHEX(?) AND ${sameBytes("value")} AND ${isLive}`;
  const set = "value = ?, expires_at = ?, is_enabled = ?";
  return {
    // A MEDIUMTEXT is never too short. Without strict mode, MySQL would truncate the value.
    ddl: `CREATE TABLE IF NOT EXISTS ${table} (
  user_id VARBINARY(${LONGEST_ID_BYTES}) PRIMARY KEY,
  value MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  is_enabled BOOLEAN NOT NULL,
  expires_at BIGINT,
  INDEX (is_enabled)
) ENGINE = InnoDB`,
    read: readStatement(table, "user_id", "value", `user_id = UNHEX(?) AND ${isLive}`),
    // Not ON DUPLICATE KEY UPDATE, which can count an unchanged row as changed.
    insert: `INSERT INTO ${table} (value, expires_at, is_enabled, user_id)
VALUES (?, ?, ?, UNHEX(?))`,
    revive: `UPDATE ${table} SET ${set}
WHERE user_id = UNHEX(?) AND expires_at <= ${now}`,
    update: `UPDATE ${table} SET ${set} WHERE ${isExpected}`,
    remove: `DELETE FROM ${table} WHERE ${isExpected}`,
  };
}
