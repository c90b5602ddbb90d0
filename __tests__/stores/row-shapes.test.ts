// An app's client may return rows in another shape. An enrolled user must then never read as one without TOTP:
// the password alone would sign in.
import { randomUUID } from "node:crypto";
import { storedText, TotpCallbackError, wroteOneRow } from "express-totp-setup";
import { createMysqlStore } from "express-totp-setup/mysql";
import { createPostgresStore } from "express-totp-setup/postgres";
import { createRedisStore } from "express-totp-setup/redis";
import { Redis } from "ioredis";
import { createPool as createMariadbPool } from "mariadb";
import type { PoolOptions } from "mysql2/promise";
import { Client, Pool } from "pg";
import pgPromise from "pg-promise";
import { createClient, RESP_TYPES } from "redis";
import { describeEngine, mariadb, postgres, redis } from "../helpers/engines/index.js";
import { useMysqlDatabase } from "../helpers/engines/mysql-database.js";
import { usePostgresSchema } from "../helpers/engines/postgres-schema.js";
import { failsToRead, refuses, VALUE } from "../helpers/row-shapes.js";

describeEngine(postgres, "the store in PostgreSQL", (engine) => {
  const { name: schema, pool, connect } = usePostgresSchema(engine);
  const table = `${schema}.totp_states`;

  beforeAll(() => createPostgresStore(pool(), { table }).createTable());

  test("throws when the client returns rows as arrays", async () => {
    class ArrayClient extends Client {
      // The pool calls it with a callback.
      override query(text: unknown, values?: unknown, callback?: unknown): never {
        const query = super.query as (...call: unknown[]) => never;
        return typeof text === "string"
          ? query.call(this, { text, values, rowMode: "array" }, callback)
          : query.call(this, text, values, callback);
      }
    }
    const user = randomUUID();
    await createPostgresStore(pool(), { table }).compareAndSet(user, undefined, VALUE);
    const arrays = new Pool({ connectionString: engine().url, Client: ArrayClient as never });
    try {
      const store = createPostgresStore(arrays, { table });
      const message =
        /^createPostgresStore: .+ the key value, got an array of 1 elements\. Turn off/;
      await failsToRead(store, user, message);
    } finally {
      await arrays.end();
    }
  });

  test("throws when a type parser returns something else than the text", async () => {
    const user = randomUUID();
    await createPostgresStore(pool(), { table }).compareAndSet(user, undefined, VALUE);
    const getTypeParser = () => () => 7;
    const store = createPostgresStore(connect({ types: { getTypeParser } as never }), { table });
    await failsToRead(store, user, /the user's string, or null, got a number\./);
  });

  test("throws when two rows have the same id", async () => {
    await pool().query(`CREATE TABLE ${schema}.twins (id text, totp text)`);
    await pool().query(`INSERT INTO ${schema}.twins VALUES ('ada', NULL), ('ada', '${VALUE}')`);
    const options = { table: `${schema}.twins`, column: "totp" };
    const store = createPostgresStore(pool(), options);
    await failsToRead(store, "ada", /at most one row, got 2 rows\. The column .+ must be unique/);
  });

  test("throws when the client returns no count", async () => {
    const query = async (text: string, values: unknown[]) => {
      const { rows } = await pool().query(text, values);
      return { rows, rowCount: null };
    };
    const store = createPostgresStore({ query }, { table });
    const write = store.compareAndSet(randomUUID(), undefined, VALUE);
    await expect(write).rejects.toThrow(/^createPostgresStore: .+ 0 rows or 1 row, got null\./);
  });

  test("refuses a database of pg-promise, and takes its pool", async () => {
    const db = pgPromise({ noWarnings: true })(engine().url);
    try {
      refuses(() => createPostgresStore(db as never), "db.$pool");
      const store = createPostgresStore(db.$pool as never, { table });
      expect(await store.compareAndSet(randomUUID(), undefined, VALUE)).toBe(true);
    } finally {
      await db.$pool.end();
    }
  });
});

describeEngine(mariadb, "the store in MariaDB", (engine) => {
  const { pool, connect } = useMysqlDatabase(engine);
  const user = randomUUID();

  beforeAll(async () => {
    const store = createMysqlStore(pool());
    await store.createTable();
    await store.compareAndSet(user, undefined, VALUE);
    await pool().query("CREATE TABLE users (id VARCHAR(36), totp TEXT)");
    await pool().query("INSERT INTO users VALUES (?, ?)", [user, VALUE]);
  });

  const shapes: [string, PoolOptions, RegExp][] = [
    [
      "arrays",
      { rowsAsArray: true },
      /^createMysqlStore: .+ got an array of \d elements\. Turn off/,
    ],
    ["nested objects", { nestTables: true }, /the key value, got an object with the keys/],
    ["objects with long keys", { nestTables: "." }, /the key value, got an object with the keys/],
    ["other types", { typeCast: () => 7 as never }, /createMysqlStore: expected .+ got a number/],
    ["no types", { typeCast: () => undefined as never }, /createMysqlStore: expected .+ undefined/],
  ];

  describe.each(shapes)("throws when the client returns rows as %s", (_, options, message) => {
    test("from a table of its own", () =>
      failsToRead(createMysqlStore(connect(options)), user, message));

    test("from a column", () => {
      const column = { table: "users", column: "totp" };
      return failsToRead(createMysqlStore(connect(options), column), user, message);
    });
  });

  test("throws when two rows have the same id", async () => {
    await pool().query("CREATE TABLE twins (id VARCHAR(36), totp TEXT)");
    await pool().query("INSERT INTO twins VALUES ('ada', NULL), ('ada', ?)", [VALUE]);
    const store = createMysqlStore(pool(), { table: "twins", column: "totp" });
    await failsToRead(store, "ada", /got 2 rows\. The column .+ must be unique/);
  });

  test("throws when the client returns no count", async () => {
    const execute = async (sql: string, values: (string | number | null)[]) => {
      const [result] = await pool().execute(sql, values);
      return [Array.isArray(result) ? result : {}] as [unknown];
    };
    const write = createMysqlStore({ execute }).compareAndSet(randomUUID(), undefined, VALUE);
    await expect(write).rejects.toThrow(/^createMysqlStore: .+ 0 rows or 1 row, got undefined/);
  });

  test("refuses pools and connections of the mariadb connector", async () => {
    const { hostname: host, port } = new URL(engine().url);
    const connector = createMariadbPool({ host, port: Number(port), user: "test" });
    try {
      refuses(() => createMysqlStore(connector as never), "createPool of mysql2/promise");
      const connection = await connector.getConnection();
      refuses(() => createMysqlStore(connection as never), "createPool of mysql2/promise");
      await connection.release();
    } finally {
      await connector.end();
    }
  });
});

describeEngine(redis, "the store in Redis", (engine) => {
  const prefix = `test-${randomUUID()}:`;

  test("throws when the client returns bytes", async () => {
    const client = createClient({ url: engine().url, RESP: 3 });
    await client.connect();
    try {
      const user = randomUUID();
      await createRedisStore(client, { prefix }).compareAndSet(user, undefined, VALUE);
      const bytes = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
      const store = createRedisStore(bytes, { prefix });
      await failsToRead(store, user, /^createRedisStore: .+ null, got 32 bytes \(Buffer\)/);
    } finally {
      client.destroy();
    }
  });

  test("takes the 1 of the script as a text too, and nothing else for it", async () => {
    const client = new Redis(engine().url, { stringNumbers: true });
    try {
      const store = createRedisStore(client, { prefix });
      const user = randomUUID();
      expect(await store.compareAndSet(user, undefined, VALUE)).toBe(true);
      expect(await store.compareAndSet(user, undefined, VALUE)).toBe(false);
    } finally {
      client.disconnect();
    }
    for (const reply of [null, undefined, "OK", true, 2, [1]]) {
      const client = { eval: async () => reply, evalsha: async () => reply };
      const store = createRedisStore(client as never, { prefix });
      await expect(store.compareAndSet("ada", undefined, VALUE)).rejects.toThrow(TotpCallbackError);
    }
  });

  test("throws when the client is a pipeline, which returns itself", async () => {
    const client = new Redis(engine().url);
    try {
      const store = createRedisStore(client.pipeline() as never, { prefix });
      await failsToRead(store, "ada", /^createRedisStore: expected the user's string, or null/);
    } finally {
      client.disconnect();
    }
  });
});

describe("clients that return something else", () => {
  const postgresOf = (result: unknown) =>
    createPostgresStore({ query: async () => result as never });
  const mysqlOf = (...results: unknown[]) =>
    createMysqlStore({ execute: async () => results as never });

  test.each<[unknown, string]>([
    [undefined, "undefined"],
    [{}, "undefined"],
    [{ rows: { value: VALUE } }, "an object with the keys value"],
  ])("a read in PostgreSQL throws for %j", async (result, got) => {
    const message = new RegExp(`^createPostgresStore: expected an array of rows, got ${got}\\.`);
    await failsToRead(postgresOf(result), "ada", message);
  });

  test("a read in MySQL throws for no row, because its query always has one", async () => {
    await failsToRead(
      mysqlOf([]),
      "ada",
      /^createMysqlStore: expected one row, got none\. Turn off/,
    );
  });

  test("a write in MySQL throws when it is unknown whether it is committed", async () => {
    const write = mysqlOf({ affectedRows: 1 }).compareAndSet("ada", undefined, VALUE);
    const message = "createMysqlStore: expected a result with the key serverStatus, got none.";
    await expect(write).rejects.toThrow(message);
  });
});

describe("for stores of your own", () => {
  test("storedText returns a string, and undefined for null", () => {
    expect(storedText("mine", "v")).toBe("v");
    expect(storedText("mine", null)).toBeUndefined();
  });

  test.each<[unknown, string]>([
    [undefined, "undefined"],
    [7, "a number"],
    [Buffer.from("v"), "1 bytes (Buffer)"],
    [{ secret: VALUE }, "an object with the keys secret"],
  ])("storedText refuses %p", (value, got) => {
    const message = `mine: expected the user's string, or null, got ${got}.`;
    expect(() => storedText("mine", value)).toThrow(message);
  });

  test("wroteOneRow returns whether one row matched", () => {
    expect([1, 1n, 0, 0n].map((count) => wroteOneRow("mine", count))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test.each<[unknown, string]>([
    [2, "2 rows. The column with the user's id must be unique."],
    [undefined, "undefined."],
    [null, "null."],
    [true, "a boolean."],
    ["1", "a string of 1 characters."],
    [Number.NaN, "a number."],
  ])("wroteOneRow refuses %p", (count, got) => {
    const message = `mine: expected a write that matches 0 rows or 1 row, got ${got}`;
    expect(() => wroteOneRow("mine", count)).toThrow(message);
  });
});
