// What the store in SQLite passes to a driver, also on machines without one.
import { createSqliteStore, type SqliteStatement } from "express-totp-setup/sqlite";

const NOW = 1_800_000_000_000;
const LIVE = `(expires_at IS NULL OR expires_at > ${NOW})`;

beforeEach(() => {
  jest.spyOn(Date, "now").mockReturnValue(NOW);
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** A database that notes its statements, with each value in the place of its parameter. */
function noteStatements(rows: unknown[] = [], changes: number | bigint = 1) {
  const notes: string[] = [];
  const prepare = jest.fn((sql: string): SqliteStatement => {
    const note = (values: unknown[]) => {
      const left = [...values];
      const filled = sql.replace(/\?/g, () => (left.length > 0 ? literal(left.shift()) : "?"));
      notes.push([filled.replace(/\s+/g, " "), ...left].join(" -- too many: "));
    };
    return {
      all: (...values) => {
        note(values);
        return rows;
      },
      run: (...values) => {
        note(values);
        return { changes };
      },
    };
  });
  return { prepare, notes };
}

function literal(value: unknown): string {
  if (value === null) return "NULL";
  return typeof value === "string" ? `'${value}'` : String(value);
}

describe("in a table of its own", () => {
  test("reads only a value that has not expired", () => {
    const db = noteStatements([{ value: "v" }]);
    expect(createSqliteStore(db).get("ada")).toBe("v");
    expect(db.notes).toEqual([
      `SELECT value FROM \`totp_states\` WHERE user_id = 'ada' AND ${LIVE}`,
    ]);
    expect(createSqliteStore(noteStatements([])).get("ada")).toBeUndefined();
  });

  test("inserts a value, or replaces an expired one", () => {
    const db = noteStatements();
    const store = createSqliteStore(db);
    const expiresAt = new Date(NOW + 1000);
    expect(store.compareAndSet("ada", undefined, "v", { expiresAt, isEnabled: true })).toBe(true);
    expect(store.compareAndSet("bob", undefined, "w")).toBe(true);
    const insert = (values: string) =>
      "INSERT INTO `totp_states` (user_id, value, expires_at, is_enabled) " +
      `VALUES (${values}) ON CONFLICT (user_id) DO UPDATE SET value = excluded.value, ` +
      "expires_at = excluded.expires_at, is_enabled = excluded.is_enabled " +
      `WHERE expires_at <= ${NOW}`;
    expect(db.notes).toEqual([
      insert(`'ada', 'v', ${NOW + 1000}, 1`),
      insert("'bob', 'w', NULL, 0"),
    ]);
  });

  test("replaces and deletes only the expected value", () => {
    const db = noteStatements();
    const store = createSqliteStore(db, { table: "auth.states" });
    expect(store.compareAndSet("ada", "v", "w", { isEnabled: true })).toBe(true);
    expect(store.compareAndSet("ada", "w", undefined)).toBe(true);
    expect(db.notes).toEqual([
      "UPDATE `auth`.`states` SET value = 'w', expires_at = NULL, is_enabled = 1 " +
        `WHERE user_id = 'ada' AND value = 'v' AND ${LIVE}`,
      `DELETE FROM \`auth\`.\`states\` WHERE user_id = 'ada' AND value = 'w' AND ${LIVE}`,
    ]);
  });

  test.each([
    [[], true],
    [[{ value: "v" }], false],
  ])("only reads when no value is expected and none is next: %j", (rows, isAbsent) => {
    const db = noteStatements(rows);
    expect(createSqliteStore(db).compareAndSet("ada", undefined, undefined)).toBe(isAbsent);
    expect(db.notes).toEqual([expect.stringMatching(/^SELECT value /)]);
  });

  test("runs the statements that createTable() returns, the index in the schema of its table", () => {
    const db = noteStatements();
    const sql = createSqliteStore(db, { table: "auth.states" }).createTable();
    expect(db.notes.join("; ")).toBe(sql.replace(/\s+/g, " "));
    expect(db.notes).toEqual([
      expect.stringMatching(/^CREATE TABLE IF NOT EXISTS `auth`\.`states` \(/),
      "CREATE INDEX IF NOT EXISTS `auth`.`is_enabled_states` ON `states` (is_enabled)",
    ]);
  });
});

describe("in a column of the app's table", () => {
  const users = { table: "users", column: "totp" } as const;

  test("reads it", () => {
    const db = noteStatements([{ value: null }]);
    expect(createSqliteStore(db, users).get("7")).toBeUndefined();
    expect(db.notes).toEqual(["SELECT `totp` AS value FROM `users` WHERE `id` = '7'"]);
  });

  test("writes only over the expected value", () => {
    const db = noteStatements();
    const store = createSqliteStore(db, users);
    expect(store.compareAndSet("7", undefined, "v", { isEnabled: true })).toBe(true);
    expect(store.compareAndSet("7", "v", undefined)).toBe(true);
    expect(db.notes).toEqual([
      "UPDATE `users` SET `totp` = 'v' WHERE `id` = '7' AND `totp` COLLATE BINARY IS NULL",
      "UPDATE `users` SET `totp` = NULL WHERE `id` = '7' AND `totp` COLLATE BINARY IS 'v'",
    ]);
  });

  test.each([
    ["v", { isEnabled: true }, 1],
    ["v", { isEnabled: false }, 0],
    ["v", undefined, 0],
    [undefined, { isEnabled: true }, 0],
  ])("the value %p with %j sets the other column to %i", (next, options, enabled) => {
    const db = noteStatements();
    const store = createSqliteStore(db, { ...users, userIdColumn: "uid", enabledColumn: "is_on" });
    expect(store.compareAndSet("7", "u", next, options)).toBe(true);
    expect(db.notes).toEqual([
      `UPDATE \`users\` SET \`totp\` = ${literal(next ?? null)}, \`is_on\` = ${enabled} ` +
        "WHERE `uid` = '7' AND `totp` COLLATE BINARY IS 'u'",
    ]);
  });
});

test.each([0, 0n])("a write that changes %p rows has lost", (changes) => {
  const store = createSqliteStore(noteStatements([], changes));
  expect(store.compareAndSet("ada", "v", "w")).toBe(false);
});

test("each statement is prepared once", () => {
  const db = noteStatements();
  const store = createSqliteStore(db);
  for (const user of ["ada", "bob", "eve"]) store.get(user);
  expect(db.notes).toHaveLength(3);
  expect(db.prepare).toHaveBeenCalledTimes(1);
});
