import type { TotpStore } from "express-totp-setup";
import { createMysqlStore } from "express-totp-setup/mysql";
import { createPostgresStore } from "express-totp-setup/postgres";
import { createRedisStore } from "express-totp-setup/redis";
import { createSqliteStore } from "express-totp-setup/sqlite";
import { Redis } from "ioredis";
import { createPool } from "mysql2/promise";
import { Pool } from "pg";
import { findSqlite } from "../engines/sqlite.js";

/** The store as an app makes it at its start: a client with the defaults of its package. */
export const OPEN_STORE = {
  async PostgreSQL(url: string) {
    const pool = new Pool({ connectionString: url });
    // Of a connection that breaks while it is idle. Without a listener it would end the process.
    pool.on("error", ignore);
    return withTable(createPostgresStore(pool));
  },
  async MariaDB(url: string) {
    return withTable(createMysqlStore(createPool({ uri: url })));
  },
  async Redis(url: string) {
    // Without a listener it prints every attempt to connect again.
    return createRedisStore(new Redis(url).on("error", ignore));
  },
  async SQLite(file: string) {
    const db = findSqlite()?.(file);
    if (!db) throw new Error("Run `npm run sqlite` to install better-sqlite3");
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    return withTable(createSqliteStore(db));
  },
} satisfies Record<string, (url: string) => Promise<TotpStore>>;

export type EngineName = keyof typeof OPEN_STORE;

async function withTable<S extends TotpStore & { createTable(): unknown }>(store: S): Promise<S> {
  await store.createTable();
  return store;
}

function ignore(): void {}
