import { mkdirSync } from "node:fs";
import path from "node:path";
import { createMemoryStore, type TotpStore } from "express-totp-setup";
import { createSqliteStore } from "express-totp-setup/sqlite";
import { findSqliteDriver, type SqliteDriver } from "./sqlite-driver.js";
import { createMemoryUsers, createSqliteUsers, type Users } from "./users.js";

/** The users of the app, and where the library keeps one string for each of them. */
export interface Database {
  users: Users;
  store: TotpStore;
  /** Where everything is kept, in a sentence. */
  description: string;
  close(): void;
}

/** Opens a file of SQLite where there is a driver for it; else all is kept in memory. */
export async function openDatabase(file: string): Promise<Database> {
  const driver = await findSqliteDriver();
  return driver ? openSqlite(driver, file) : openMemory();
}

function openSqlite(driver: SqliteDriver, file: string): Database {
  if (file !== ":memory:") mkdirSync(path.dirname(file), { recursive: true });
  const db = driver.open(file);
  db.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  // The column `totp` is all that the library needs.
  db.exec(`CREATE TABLE IF NOT EXISTS users (
    id TEXT PRIMARY KEY NOT NULL,
    email TEXT UNIQUE NOT NULL,
    password_hash TEXT NOT NULL,
    totp TEXT
  )`);
  return {
    users: createSqliteUsers(db),
    store: createSqliteStore(db, { table: "users", column: "totp" }),
    description: `Accounts are kept by SQLite (${driver.name}) in ${file}.`,
    close: () => db.close(),
  };
}

function openMemory(): Database {
  return {
    users: createMemoryUsers(),
    store: createMemoryStore(),
    description:
      "Accounts are kept in memory, as this Node has no SQLite, and are gone at the end.",
    close: () => {},
  };
}
