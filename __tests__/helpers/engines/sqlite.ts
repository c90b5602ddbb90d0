import { createRequire } from "node:module";
import type { SqliteDatabase } from "express-totp-setup/sqlite";

/** What both drivers have besides. */
export interface SqliteFile extends SqliteDatabase {
  exec(sql: string): unknown;
  close(): unknown;
}

/** With the options of the driver's constructor. */
export type OpenSqlite = (file: string, options?: object) => SqliteFile;

/** How to open a file with `better-sqlite3`, if `npm run sqlite` has installed it. */
export function findBetterSqlite(): OpenSqlite | undefined {
  try {
    const Database: typeof import("better-sqlite3") = createRequire(import.meta.url)(
      "better-sqlite3",
    );
    new Database(":memory:").close();
    return (file, options = {}) => new Database(file, options);
  } catch {
    return undefined;
  }
}

/** How to open a file with `better-sqlite3`, else with `node:sqlite`. Under REQUIRE_ALL_TESTS only the former. */
export function findSqlite(): OpenSqlite | undefined {
  return findBetterSqlite() ?? (process.env.REQUIRE_ALL_TESTS ? undefined : findNodeSqlite());
}

/** How to open a file with `node:sqlite`, which is in Node from 22.13 on. */
export function findNodeSqlite(): OpenSqlite | undefined {
  const sqlite = process.getBuiltinModule("node:sqlite") as
    | { DatabaseSync: new (file: string, options?: object) => SqliteFile }
    | undefined;
  return (
    sqlite &&
    ((file, options = {}) => {
      const db = new sqlite.DatabaseSync(file, options);
      // Unlike better-sqlite3 it gives up at once by default, where another connection writes.
      db.exec("PRAGMA busy_timeout = 5000");
      return db;
    })
  );
}
