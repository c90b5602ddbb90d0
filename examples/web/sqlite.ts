import type { SqliteDatabase } from "express-totp-setup/sqlite";

/** What a database of `node:sqlite` has besides `prepare`. */
export interface SqliteFile extends SqliteDatabase {
  exec(sql: string): unknown;
  close(): unknown;
}

/** How to open a file with `node:sqlite`, which Node has from 22.13 on. */
export function findSqlite(): ((file: string) => SqliteFile) | undefined {
  const sqlite = process.getBuiltinModule?.("node:sqlite") as
    | { DatabaseSync: new (file: string) => SqliteFile }
    | undefined;
  return sqlite && ((file) => new sqlite.DatabaseSync(file));
}
