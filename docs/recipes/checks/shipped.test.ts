// Runs what the documentation shows of the stores that come with the package.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { type TotpService, TRUSTED } from "express-totp-setup";
import { createMysqlStore } from "express-totp-setup/mysql";
import { createPostgresStore } from "express-totp-setup/postgres";
import { createSqliteStore } from "express-totp-setup/sqlite";
import { generateSync } from "otplib";
import pg from "pg";
import { postgresUsers, readSql } from "./users.js";

const { DATABASE_URL, MYSQL_URL, REDIS_URL } = process.env;
// The SQLite example makes its file where it is run.
const folder = mkdtempSync(path.join(tmpdir(), "recipes-"));
const home = process.cwd();

before(() => process.chdir(folder));
after(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

test("memory", () => tryOut(import("../shipped/memory.js")));

test("PostgreSQL", { skip: !DATABASE_URL }, () => tryOut(import("../shipped/postgres.js")));

test("PostgreSQL, in a column", { skip: !DATABASE_URL }, async () => {
  const users = postgresUsers(String(DATABASE_URL));
  await tryOut(import("../shipped/postgres-column.js"), await users.add());
  await users.close();
});

test("PostgreSQL, with a column that says who has TOTP on", { skip: !DATABASE_URL }, async () => {
  const pool = new pg.Pool({ connectionString: DATABASE_URL });
  const [addColumn = "", list = ""] = readSql("shipped/enabled-column.sql");
  await pool.query(addColumn);
  const users = postgresUsers(String(DATABASE_URL));
  const [ada, eve] = [await users.add(), await users.add()];
  const { totp } = await import("../shipped/postgres-enabled.js");
  await enroll(totp, ada);
  await totp.beginSetup({ id: eve });
  assert.deepEqual((await pool.query(list)).rows, [{ id: ada }]);
  await totp.disable(ada, { proof: TRUSTED });
  assert.deepEqual((await pool.query(list)).rows, []);
  await users.close();
  await pool.end();
});

test("who has TOTP on, by a table of the store's own", { skip: !DATABASE_URL }, async () => {
  const { totp } = await import("../shipped/postgres.js");
  const pool = new pg.Pool({ connectionString: DATABASE_URL });
  const id = randomUUID();
  await enroll(totp, id);
  const [list = ""] = readSql("shipped/enabled.sql");
  assert.deepEqual((await pool.query(list)).rows, [{ user_id: id }]);
  await totp.disable(id, { proof: TRUSTED });
  assert.deepEqual((await pool.query(list)).rows, []);
  await pool.end();
});

test("MySQL or MariaDB", { skip: !MYSQL_URL }, () => tryOut(import("../shipped/mysql.js")));

test("Redis", { skip: !REDIS_URL }, () => tryOut(import("../shipped/redis.js")));

test("SQLite", { skip: !hasBetterSqlite() }, () => tryOut(import("../shipped/sqlite.js")));

test("the tables are those that are shown", async () => {
  const noRows = { rows: [], rowCount: 0 };
  const tables = {
    postgres: await createPostgresStore({ query: async () => noRows }).createTable(),
    mysql: await createMysqlStore({ execute: async () => [[]] }).createTable(),
    sqlite: createSqliteStore({
      prepare: () => ({ all: () => [], run: () => ({ changes: 0 }) }),
    }).createTable(),
  };
  for (const [name, table] of Object.entries(tables)) {
    assert.deepEqual(readSql(`shipped/${name}.sql`), table.split(";\n"));
  }
});

/** The whole life of an enrollment: nothing of it stays. */
async function tryOut(
  program: Promise<{ totp: TotpService }>,
  id: string = randomUUID(),
): Promise<void> {
  const { totp } = await program;
  const code = await enroll(totp, id);
  assert.equal((await totp.status(id)).isEnabled, true);
  assert.equal((await totp.verify(id, code)).ok, false);
  assert.equal((await totp.disable(id, { proof: TRUSTED })).ok, true);
  assert.equal((await totp.status(id)).isEnabled, false);
}

async function enroll(totp: TotpService, id: string): Promise<string> {
  const setup = await totp.beginSetup({ id });
  assert(setup.ok);
  const code = generateSync({ secret: setup.secret });
  assert.equal((await totp.confirm(id, code)).ok, true);
  return code;
}

/** `npm run sqlite` in the root of the repository installs it. */
function hasBetterSqlite(): boolean {
  try {
    createRequire(import.meta.url).resolve("better-sqlite3");
    return true;
  } catch (error) {
    if (process.env.REQUIRE_ALL_TESTS) throw error;
    return false;
  }
}
