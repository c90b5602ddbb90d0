import type { SqliteDatabase } from "express-totp-setup/sqlite";

/** What both drivers have besides `prepare`. */
export interface SqliteFile extends SqliteDatabase {
  exec(sql: string): unknown;
  close(): unknown;
}

export interface SqliteDriver {
  name: string;
  open(file: string): SqliteFile;
}

/** The driver that comes with Node, else `better-sqlite3` where it is installed. */
export async function findSqliteDriver(): Promise<SqliteDriver | undefined> {
  return findNodeSqlite() ?? (await findBetterSqlite());
}

function findNodeSqlite(): SqliteDriver | undefined {
  const sqlite = process.getBuiltinModule?.("node:sqlite") as
    | { DatabaseSync: new (file: string) => SqliteFile }
    | undefined;
  return sqlite && { name: "node:sqlite", open: (file) => new sqlite.DatabaseSync(file) };
}

async function findBetterSqlite(): Promise<SqliteDriver | undefined> {
  try {
    const { default: Database } = await import("better-sqlite3");
    // It can be installed without having been compiled.
    new Database(":memory:").close();
    return { name: "better-sqlite3", open: (file) => new Database(file) };
  } catch {
    return undefined;
  }
}
