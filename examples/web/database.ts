import { mkdirSync } from "node:fs";
import path from "node:path";
import { createMemoryStore, type TotpStore } from "express-totp-setup";
import { createSqliteStore } from "express-totp-setup/sqlite";
import { findSqlite, type SqliteFile } from "./sqlite.js";
import { createMemoryUsers, createSqliteUsers, type Users } from "./users.js";

/** The users of the app, and where the library keeps one string for each of them. */
export interface Database {
  users: Users;
  store: TotpStore;
  /** Where everything is kept, in a sentence. */
  description: string;
  close(): void;
}

/** Opens a file of SQLite if Node has `node:sqlite`; else all is kept in memory. */
export function openDatabase(file: string): Database {
  const open = findSqlite();
  if (!open) return openMemory();
  if (file !== ":memory:") mkdirSync(path.dirname(file), { recursive: true });
  return openSqlite(open(file), file);
}

function openSqlite(db: SqliteFile, file: string): Database {
  db.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  // The column `totp` is all that the library needs.
  db.exec(`CREATE TABLE IF NOT EXISTS users (
    id TEXT PRIMARY KEY NOT NULL,
    email TEXT UNIQUE NOT NULL,
    password_hash TEXT NOT NULL,
    must_enroll INTEGER NOT NULL,
    totp TEXT
  )`);
  return {
    users: createSqliteUsers(db),
    store: createSqliteStore(db, { table: "users", column: "totp" }),
    description: `Accounts are kept by SQLite in ${file}.`,
    close: () => db.close(),
  };
}

function openMemory(): Database {
  return {
    users: createMemoryUsers(),
    store: createMemoryStore(),
    description: "Accounts are kept in memory until it stops; on Node 22.13+, in a file.",
    close: () => {},
  };
}
