import { hasMethods, rejectClient, rejectLookAlike } from "./client.js";
import { mysqlColumn } from "./mysql-column.js";
import { type Execute, STORE } from "./mysql-statement.js";
import { mysqlTable } from "./mysql-table.js";
import {
  type OwnTableOptions,
  resolveSqlTarget,
  retryOn,
  type TableStore,
  type UserColumnOptions,
} from "./sql.js";
import type { TotpStore } from "./store.js";

export type { OwnTableOptions, TableStore, UserColumnOptions };

/** What is needed of a client: the pools and connections of `mysql2/promise` have it. */
export interface MysqlClient {
  execute(sql: string, values: (string | number | null)[]): PromiseLike<[unknown, ...unknown[]]>;
}

/** A deadlock, as inserts and deletions of one row have in InnoDB; MariaDB's report of a newer row. */
const GAVE_WAY = ["ER_LOCK_DEADLOCK", "ER_CHECKREAD"];

/**
 * Makes a store in MySQL or MariaDB, over the app's own pool of `mysql2/promise`. It keeps the values in a
 * table of its own, or, with the option `column`, in one nullable text column of the app's table of users:
 * a TEXT, for a VARCHAR may be too short. Give it the pool, not a connection within a transaction: a write
 * that is rolled back later has not happened, and a code that was accepted by it would be accepted again.
 *
 * What has expired counts as absent, by the clock of the database, and its row stays until it is replaced
 * or deleted: `DELETE FROM totp_states WHERE expires_at <= UNIX_TIMESTAMP() * 1000`.
 *
 * @throws {@link TotpConfigError} where the pool or an option cannot be used. The store's methods reject
 *   with the errors of `mysql2`.
 * @example
 * ```ts
 * const pool = createPool({ uri: process.env.MYSQL_URL }); // of mysql2/promise
 * const store = createMysqlStore(pool);
 * await store.createTable();
 * const totp = createTotpService({ store, issuer: "Acme" });
 * ```
 * @example In a column: `ALTER TABLE users ADD COLUMN totp TEXT`
 * ```ts
 * const store = createMysqlStore(pool, { table: "users", column: "totp" });
 * ```
 */
export function createMysqlStore(pool: MysqlClient, options: UserColumnOptions): TotpStore;
export function createMysqlStore(pool: MysqlClient, options?: OwnTableOptions): TableStore;
export function createMysqlStore(
  pool: MysqlClient,
  options: OwnTableOptions | UserColumnOptions = {},
): TotpStore {
  // The pools of mysql2 itself, with callbacks, have the same methods and one more.
  if (!hasMethods(pool, "execute") || hasMethods(pool, "promise")) {
    const fix = "Import createPool from mysql2/promise, or pass pool.promise().";
    rejectClient("pool", "a pool of mysql2/promise", pool, fix);
  }
  if (hasMethods(pool, "batch")) {
    const fix = "Use createPool of mysql2/promise, which works with MariaDB too.";
    const got = "a pool or connection of the mariadb connector";
    rejectLookAlike("pool", "a pool of mysql2/promise", got, fix);
  }
  const target = resolveSqlTarget(options, STORE, "`");
  const execute: Execute = async (sql, values) =>
    (await retryOn(GAVE_WAY, () => pool.execute(sql, values)))?.[0];
  return target.column === undefined ? mysqlTable(execute, target) : mysqlColumn(execute, target);
}
