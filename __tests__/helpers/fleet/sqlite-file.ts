import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { EngineKind } from "../engines/index.js";
import { findSqlite } from "../engines/sqlite.js";

/** A file that several processes open, as if it were an engine. There is nothing in it to be killed. */
export const sqliteFile: EngineKind = {
  name: "SQLite",
  debianPackage: "build-essential, with which `npm run sqlite` compiles better-sqlite3",
  find: () => (findSqlite() ? start : undefined),
};

async function start() {
  const folder = mkdtempSync(path.join(tmpdir(), "totp-sqlite-"));
  const none = () => {
    throw new Error("SQLite has no process of its own");
  };
  return {
    url: path.join(folder, "app.db"),
    stop: async () => rmSync(folder, { recursive: true, force: true }),
    ...{ kill: none, restart: none, pause: none, resume: none },
  };
}
