import { randomUUID } from "node:crypto";
import { createPostgresStore } from "express-totp-setup/postgres";
import { testTotpStore } from "express-totp-setup/testing";
import type { Pool } from "pg";
import { anyPostgres, describeEngine } from "../helpers/engines/index.js";
import { usePostgresSchema } from "../helpers/engines/postgres-schema.js";
import { refusesClient, testSqlOptions } from "../helpers/engines/sql-options.js";
import { until } from "../helpers/engines/until.js";
import { kitRunner } from "../helpers/kit-runner.js";

describeEngine(anyPostgres(), "the store in PostgreSQL, in a table of its own", (engine) => {
  const { name: schema, pool, connect } = usePostgresSchema(engine);
  const table = `${schema}.totp_states`;

  const readEnabled = async (user: string) => {
    const text = `SELECT is_enabled FROM ${table} WHERE user_id = $1`;
    return (await pool().query(text, [user])).rows[0]?.is_enabled ?? false;
  };

  const rowsOf = async (user: string) => {
    const text = `SELECT value, expires_at FROM ${table} WHERE user_id = $1`;
    return (await pool().query(text, [user])).rows;
  };

  beforeAll(() => createPostgresStore(pool(), { table }).createTable());

  describe("over several pools", () => {
    let clients: Pool[];
    let made = 0;

    beforeAll(() => {
      clients = [pool(), connect()];
    });

    testTotpStore(
      kitRunner,
      () => {
        const client = clients[made++ % clients.length] ?? pool();
        return createPostgresStore(client, { table });
      },
      { readEnabled },
    );
  });

  // There the database gives statements up that it would else have let wait.
  describe.each(["repeatable read", "serializable"])("where %s is the default", (level) => {
    const options = `-c default_transaction_isolation=${level.replace(" ", "\\ ")}`;
    let client: Pool;

    beforeAll(() => {
      client = connect({ options });
    });

    testTotpStore(kitRunner, () => createPostgresStore(client, { table }), { parallel: 50 });
  });

  test("makes its table once, however many do it, and tells how", async () => {
    const makers = Array.from({ length: 20 }, () =>
      createPostgresStore(connect({ max: 1 }), { table: `${schema}.made` }),
    );
    const [sql = "", ...others] = await Promise.all(makers.map((store) => store.createTable()));
    expect(sql).toMatch(/^CREATE TABLE IF NOT EXISTS "test_\w+"\."made"/);
    expect(new Set(others)).toEqual(new Set([sql]));
    expect(await makers[0]?.get("ada")).toBeUndefined();
  });

  test("says so where there is no table", async () => {
    const store = createPostgresStore(pool(), { table: `${schema}.none` });
    await expect(store.get("ada")).rejects.toThrow("does not exist");
    await expect(store.compareAndSet("ada", undefined, "v")).rejects.toThrow("does not exist");
  });

  test("keeps expiresAt to the millisecond, until a write without", async () => {
    const store = createPostgresStore(pool(), { table });
    const user = randomUUID();
    const expiresAt = new Date(Date.now() + 600_000);
    await store.compareAndSet(user, undefined, "v", { expiresAt });
    expect(await rowsOf(user)).toEqual([{ value: "v", expires_at: expiresAt }]);
    await store.compareAndSet(user, "v", "w");
    expect(await rowsOf(user)).toEqual([{ value: "w", expires_at: null }]);
  });

  test("goes by the clock, also in a transaction, for which now() stands still", async () => {
    const client = await pool().connect();
    const user = randomUUID();
    try {
      await client.query("BEGIN");
      const store = createPostgresStore(client, { table });
      const expiresAt = new Date(Date.now() + 300);
      await store.compareAndSet(user, undefined, "v", { expiresAt });
      await until(async () => {
        if ((await store.get(user)) !== undefined) throw new Error("still there");
      });
      expect(await store.compareAndSet(user, "v", "w")).toBe(false);
      expect(await store.compareAndSet(user, undefined, "w")).toBe(true);
    } finally {
      await client.query("COMMIT");
      client.release();
    }
    expect(await rowsOf(user)).toEqual([{ value: "w", expires_at: null }]);
  });

  test("lists who has TOTP on, by its index", async () => {
    const table = `${schema}.listed`;
    const store = createPostgresStore(pool(), { table });
    await store.createTable();
    await store.compareAndSet("ada", undefined, "v", { isEnabled: true });
    await store.compareAndSet("bob", undefined, "v");
    const documented = `SELECT user_id FROM ${table} WHERE is_enabled`;
    expect((await pool().query(documented)).rows).toEqual([{ user_id: "ada" }]);
    const client = await connect({ max: 1 }).connect();
    // Where an index can be used at all, it then is.
    await client.query("SET enable_seqscan = off");
    const plan = await client.query(`EXPLAIN ${documented}`);
    client.release();
    expect(JSON.stringify(plan.rows)).toContain("Index Cond: (is_enabled = true)");
  });

  test("leaves expired rows for the documented statement to delete", async () => {
    const store = createPostgresStore(pool(), { table });
    const user = randomUUID();
    await store.compareAndSet(user, undefined, "v", { expiresAt: new Date(Date.now() - 1) });
    expect(await store.compareAndSet(user, "v", undefined)).toBe(false);
    expect(await store.compareAndSet(user, undefined, undefined)).toBe(true);
    expect(await rowsOf(user)).toHaveLength(1);
    await pool().query(`DELETE FROM ${table} WHERE expires_at <= now()`);
    expect(await rowsOf(user)).toEqual([]);
  });

  test("passes on what the database refuses, and gives up what it gives up again and again", async () => {
    const failing = (code: string) => {
      const query = jest.fn(async () => Promise.reject(Object.assign(new Error(code), { code })));
      return { query, store: createPostgresStore({ query }) };
    };
    const refused = failing("22001");
    await expect(refused.store.get("ada")).rejects.toThrow("22001");
    expect(refused.query).toHaveBeenCalledTimes(1);
    const busy = failing("40001");
    await expect(busy.store.get("ada")).rejects.toThrow("40001");
    expect(busy.query).toHaveBeenCalledTimes(8);
  });
});

describe("options of the store in PostgreSQL", () => {
  testSqlOptions((options) => createPostgresStore({ query: jest.fn() }, options));

  test.each([undefined, null, "postgres://ada:password@localhost", {}, { query: 1 }])(
    "refuses the pool %j",
    (pool) => {
      refusesClient(() => createPostgresStore(pool as never), /^pool: expected a Pool.+new Pool/);
    },
  );
});
