import { randomUUID } from "node:crypto";
import { createMysqlStore } from "express-totp-setup/mysql";
import { testTotpStore } from "express-totp-setup/testing";
import { createPool as createCallbackPool } from "mysql2";
import type { Pool, RowDataPacket } from "mysql2/promise";
import { describeEngine, mariadb } from "../helpers/engines/index.js";
import { useMysqlDatabase } from "../helpers/engines/mysql-database.js";
import { refusesClient, testSqlOptions } from "../helpers/engines/sql-options.js";
import { kitRunner } from "../helpers/kit-runner.js";

describeEngine(mariadb, "the store in MariaDB, in a table of its own", (engine) => {
  const { pool, connect } = useMysqlDatabase(engine);

  async function readEnabled(user: string): Promise<boolean> {
    const sql = "SELECT is_enabled FROM totp_states WHERE user_id = ?";
    const [[row]] = await pool().query<RowDataPacket[]>(sql, [user]);
    return row?.is_enabled === 1;
  }

  async function rowsOf(user: string) {
    const sql = "SELECT value, expires_at FROM totp_states WHERE user_id = ?";
    return (await pool().query<RowDataPacket[]>(sql, [user]))[0];
  }

  beforeAll(() => createMysqlStore(pool()).createTable());

  describe("over several pools", () => {
    let clients: Pool[];
    let made = 0;

    beforeAll(() => {
      clients = [pool(), connect()];
    });

    testTotpStore(kitRunner, () => createMysqlStore(clients[made++ % clients.length] ?? pool()), {
      readEnabled,
    });
  });

  // Rows are then counted only where they changed, texts are cut without an error, a backslash is a letter.
  describe("where everything is set otherwise", () => {
    let client: Pool;

    beforeAll(() => {
      client = connect(
        {
          flags: ["-FOUND_ROWS"],
          timezone: "+05:30",
          supportBigNumbers: true,
          bigNumberStrings: true,
        },
        "SET sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES,PAD_CHAR_TO_FULL_LENGTH'",
        "SET time_zone = '-11:00'",
        "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE",
      );
    });

    testTotpStore(kitRunner, () => createMysqlStore(client), { parallel: 50, readEnabled });
  });

  test("goes on where statements are in each other's way", async () => {
    const client = connect({ connectionLimit: 30 });
    const codes = new Set<unknown>();
    const execute = async (sql: string, values: (string | number | null)[]) => {
      try {
        return await client.execute(sql, values);
      } catch (error) {
        codes.add((error as { code?: unknown }).code);
        throw error;
      }
    };
    const store = createMysqlStore({ execute });
    const user = randomUUID();
    const insertAndDelete = async (_: unknown, index: number) => {
      for (let round = 0; round < 20; round++) {
        const value = await store.get(user);
        await store.compareAndSet(user, value, value === undefined ? `${index}` : undefined);
      }
    };
    await Promise.all(Array.from({ length: 30 }, insertAndDelete));
    // Whether InnoDB finds a deadlock among them is up to it; nothing else must have happened.
    codes.delete("ER_LOCK_DEADLOCK");
    expect([...codes]).toEqual(["ER_DUP_ENTRY"]);
  });

  test("sends a statement again that lost a deadlock", async () => {
    const client = connect();
    let lost = 0;
    const execute = async (sql: string, values: (string | number | null)[]) => {
      if (lost++ === 0) throw Object.assign(new Error("Deadlock"), { code: "ER_LOCK_DEADLOCK" });
      return client.execute(sql, values);
    };
    const store = createMysqlStore({ execute });
    expect(await store.compareAndSet(randomUUID(), undefined, "v")).toBe(true);
    expect(lost).toBe(2);
  });

  test("makes its table once, however many do it, and tells how", async () => {
    const makers = Array.from({ length: 20 }, () =>
      createMysqlStore(connect({ connectionLimit: 1 }), { table: "made" }),
    );
    const [sql = "", ...others] = await Promise.all(makers.map((store) => store.createTable()));
    expect(sql).toMatch(/^CREATE TABLE IF NOT EXISTS `made`/);
    expect(new Set(others)).toEqual(new Set([sql]));
    expect(await makers[0]?.get("ada")).toBeUndefined();
  });

  test("keeps expiresAt to the millisecond, until a write without", async () => {
    const store = createMysqlStore(pool());
    const user = randomUUID();
    const expiresAt = new Date(Date.now() + 600_000);
    await store.compareAndSet(user, undefined, "v", { expiresAt });
    expect(await rowsOf(user)).toEqual([{ value: "v", expires_at: expiresAt.getTime() }]);
    await store.compareAndSet(user, "v", "w");
    expect(await rowsOf(user)).toEqual([{ value: "w", expires_at: null }]);
    await store.compareAndSet(user, "w", "x", { expiresAt: new Date(Date.now() - 1) });
    expect(await store.get(user)).toBeUndefined();
  });

  test("reads nothing and accepts no write where autocommit is off", async () => {
    const user = randomUUID();
    await createMysqlStore(pool()).compareAndSet(user, undefined, "v");
    const client = connect({ connectionLimit: 1 }, "SET autocommit = 0");
    const store = createMysqlStore(client);
    const message = "a connection that commits each statement, got one with autocommit off.";
    // Also of a user without a row: from then on this connection sees no row that others make.
    for (const each of [user, randomUUID()]) await expect(store.get(each)).rejects.toThrow(message);
    for (const [expected, next] of [
      ["v", "w"],
      ["v", "v"],
      ["v", undefined],
    ] as const) {
      await expect(store.compareAndSet(user, expected, next)).rejects.toThrow(message);
      await client.query("ROLLBACK");
    }
    const insert = store.compareAndSet(randomUUID(), undefined, "v");
    await expect(insert).rejects.toThrow(message);
    await client.query("ROLLBACK");
    expect(await createMysqlStore(pool()).get(user)).toBe("v");
  });

  test("lists who has TOTP on, by its index", async () => {
    const store = createMysqlStore(pool(), { table: "listed" });
    await store.createTable();
    await store.compareAndSet("艾达", undefined, "v", { isEnabled: true });
    await store.compareAndSet("bob", undefined, "v");
    const documented =
      "SELECT CONVERT(user_id USING utf8mb4) AS user_id FROM listed WHERE is_enabled = TRUE";
    expect((await pool().query(documented))[0]).toEqual([{ user_id: "艾达" }]);
    const [[plan]] = await pool().query<RowDataPacket[]>(`EXPLAIN ${documented}`);
    expect(plan).toMatchObject({ key: "is_enabled" });
  });

  test("leaves expired rows for the documented statement to delete", async () => {
    const store = createMysqlStore(pool());
    const user = randomUUID();
    await store.compareAndSet(user, undefined, "v", { expiresAt: new Date(Date.now() - 1000) });
    expect(await store.compareAndSet(user, "v", undefined)).toBe(false);
    expect(await store.compareAndSet(user, undefined, undefined)).toBe(true);
    expect(await rowsOf(user)).toHaveLength(1);
    await pool().query("DELETE FROM totp_states WHERE expires_at <= UNIX_TIMESTAMP() * 1000");
    expect(await rowsOf(user)).toEqual([]);
  });

  test("tells users apart whose names the connection cannot spell", async () => {
    const store = createMysqlStore(connect({ charset: "LATIN1_SWEDISH_CI" }));
    expect(await store.compareAndSet("艾达", undefined, "v")).toBe(true);
    expect(await store.get("爱达")).toBeUndefined();
    expect(await createMysqlStore(pool()).get("艾达")).toBe("v");
  });

  test("refuses an id that does not fit, also where MySQL would cut it", async () => {
    const store = createMysqlStore(connect({}, "SET sql_mode = ''"));
    const longest = "é".repeat(383);
    expect(await store.compareAndSet(longest, undefined, "v")).toBe(true);
    for (const user of [`${longest}é`, `${longest}ab`]) {
      await expect(store.get(user)).rejects.toThrow("too long");
      await expect(store.compareAndSet(user, undefined, "w")).rejects.toThrow("too long");
    }
  });
});

describe("options of the store in MariaDB", () => {
  testSqlOptions((options) => createMysqlStore({ execute: jest.fn() }, options));

  const pools = [undefined, null, "mysql://ada:password@localhost", {}, { execute: 1 }];

  test.each([...pools, createCallbackPool({ password: "password" })])(
    "refuses the pool %#",
    (pool) => {
      refusesClient(() => createMysqlStore(pool as never), /^pool: expected a pool.+promise\(\)/);
    },
  );
});
