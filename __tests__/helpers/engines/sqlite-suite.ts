import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createSqliteStore } from "express-totp-setup/sqlite";
import { testTotpStore } from "express-totp-setup/testing";
import { kitRunner } from "../kit-runner.js";
import { testSqlOptions } from "./sql-options.js";
import type { OpenSqlite, SqliteFile } from "./sqlite.js";

/** What a store in SQLite has to do, whichever driver opens the file. */
export function testSqliteStore(open: OpenSqlite): void {
  let folder: string;
  const opened: SqliteFile[] = [];

  /** Every call gives another connection to the same file. */
  function connect(): SqliteFile {
    const db = open(path.join(folder, "app.db"));
    opened.push(db);
    return db;
  }

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "totp-sqlite-"));
    connect().exec("PRAGMA journal_mode = WAL");
  });

  afterAll(() => {
    for (const db of opened) db.close();
    rmSync(folder, { recursive: true });
  });

  describe("in a table of its own", () => testOwnTable(connect));
  describe("in a column of the app's table", () => testUserColumn(connect));
  describe("options", () => testSqlOptions((options) => createSqliteStore(connect(), options)));
}

function testOwnTable(connect: () => SqliteFile): void {
  testTotpStore(
    kitRunner,
    () => {
      const store = createSqliteStore(connect());
      store.createTable();
      return store;
    },
    { readEnabled: (user) => isEnabled(connect(), "totp_states", "user_id", user) },
  );

  test("makes its table once, and tells how", () => {
    const db = connect();
    const store = createSqliteStore(db, { table: "made" });
    expect(() => store.get("ada")).toThrow("made");
    const sql = store.createTable();
    expect(sql).toMatch(/^CREATE TABLE IF NOT EXISTS `made`/);
    expect(store.compareAndSet("ada", undefined, "v")).toBe(true);
    expect(store.createTable()).toBe(sql);
    expect(createSqliteStore(connect(), { table: "main.made" }).get("ada")).toBe("v");
  });

  test("replaces what has expired in its row", () => {
    const db = connect();
    const store = createSqliteStore(db, { table: "expiring" });
    store.createTable();
    store.compareAndSet("ada", undefined, "old", { expiresAt: new Date(Date.now() - 1) });
    expect(store.compareAndSet("ada", "old", undefined)).toBe(false);
    expect(store.compareAndSet("ada", undefined, undefined)).toBe(true);
    expect(store.compareAndSet("ada", undefined, "new")).toBe(true);
    expect(store.compareAndSet("ada", undefined, undefined)).toBe(false);
    const row = db.prepare("SELECT value, expires_at FROM expiring").all()[0];
    expect({ ...(row as object) }).toEqual({ value: "new", expires_at: null });
  });

  test("lists who has TOTP on, by its index", () => {
    const db = connect();
    const store = createSqliteStore(db, { table: "listed" });
    store.createTable();
    store.compareAndSet("ada", undefined, "v", { isEnabled: true });
    store.compareAndSet("bob", undefined, "v");
    const documented = "SELECT user_id FROM listed WHERE is_enabled = 1";
    expect(
      db
        .prepare(documented)
        .all()
        .map((row) => ({ ...(row as object) })),
    ).toEqual([{ user_id: "ada" }]);
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${documented}`).all();
    expect(JSON.stringify(plan)).toMatch(/SEARCH.+INDEX/);
  });

  test("passes on that the file is locked", () => {
    const store = createSqliteStore(connect());
    store.createTable();
    const other = connect();
    const db = connect();
    db.exec("PRAGMA busy_timeout = 1");
    other.exec("BEGIN IMMEDIATE");
    const write = () => createSqliteStore(db).compareAndSet(randomUUID(), undefined, "v");
    expect(write).toThrow("locked");
    other.exec("ROLLBACK");
    expect(write()).toBe(true);
  });
}

function isEnabled(db: SqliteFile, table: string, idColumn: string, user: string): boolean {
  const sql = `SELECT is_enabled AS isEnabled FROM ${table} WHERE ${idColumn} = ?`;
  const [row] = db.prepare(sql).all(user) as { isEnabled: number }[];
  return row?.isEnabled === 1;
}

function testUserColumn(connect: () => SqliteFile): void {
  // Both collations would pass different values for equal.
  describe.each(["NOCASE", "RTRIM"])("of the collation %s", (collation) => {
    const table = `users_${collation}`;

    beforeAll(() => {
      connect().exec(
        `CREATE TABLE ${table} (id INTEGER PRIMARY KEY, totp TEXT COLLATE ${collation},
          is_enabled INTEGER NOT NULL DEFAULT 0)`,
      );
    });

    const options = { table, column: "totp", enabledColumn: "is_enabled" };

    testTotpStore(kitRunner, () => createSqliteStore(connect(), options), {
      expires: false,
      readEnabled: (user) => isEnabled(connect(), table, "id", user),
      createUser: () => {
        const row = connect().prepare(`INSERT INTO ${table} DEFAULT VALUES RETURNING id`).all()[0];
        return String((row as { id: number }).id);
      },
    });
  });

  test("of users who do not exist knows nothing, and makes none", () => {
    const db = connect();
    db.exec("CREATE TABLE people (uid TEXT PRIMARY KEY, totp TEXT)");
    db.exec("INSERT INTO people (uid) VALUES ('ada')");
    const options = { table: "people", column: "totp", userIdColumn: "uid" };
    const store = createSqliteStore(db, options);
    expect(store.get("bob")).toBeUndefined();
    expect(store.compareAndSet("bob", undefined, "v")).toBe(false);
    expect(store.compareAndSet("bob", undefined, undefined)).toBe(false);
    expect(store.compareAndSet("ada", undefined, undefined)).toBe(true);
    expect(store.compareAndSet("ada", undefined, "v")).toBe(true);
    expect(store.get("ada")).toBe("v");
    expect("createTable" in store).toBe(false);
  });

  test("takes a column that does not exist for a mistake, not for a text", () => {
    const db = connect();
    db.exec("CREATE TABLE bare (id INTEGER PRIMARY KEY)");
    db.exec("INSERT INTO bare DEFAULT VALUES");
    const store = createSqliteStore(db, { table: "bare", column: "totp" });
    expect(() => store.get("1")).toThrow("totp");
  });
}
