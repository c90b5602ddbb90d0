// What stands between the clients of pg and PGlite: a response to the wrong one would pass for a fault of a store.
import { Pool } from "pg";
import { anyPostgres, describeEngine, pglite, postgres } from "./index.js";

describe("which PostgreSQL is tested with", () => {
  const { env } = process;
  beforeEach(() => {
    process.env = { ...env, WITHOUT_PROGRAMS: "postgres" };
    delete process.env.REQUIRE_ALL_TESTS;
  });
  afterEach(() => {
    process.env = env;
  });

  test("PGlite, if none is installed", () => {
    expect(postgres.find()).toBeUndefined();
    expect(anyPostgres()).toBe(pglite);
  });

  test("always the real one under REQUIRE_ALL_TESTS", () => {
    process.env.REQUIRE_ALL_TESTS = "1";
    expect(anyPostgres()).toBe(postgres);
  });
});

describeEngine({ ...pglite, variable: undefined }, "PGlite as a server", (engine) => {
  let pool: Pool;
  beforeAll(() => {
    pool = new Pool({ connectionString: engine().url });
    // Of the connection that a test breaks off.
    pool.on("error", () => {});
  });
  afterAll(() => pool?.end());

  async function valueFor(text: string, values: unknown[] = []): Promise<unknown> {
    const { rows } = await pool.query({ text, values, rowMode: "array" });
    return rows[0]?.[0];
  }

  test("is PGlite", async () => {
    expect(await valueFor("SELECT version()")).toContain("PGlite");
  });

  test("responds to each of many clients with what it asked for", async () => {
    const numbers = Array.from({ length: 50 }, (_, index) => index);
    const answers = numbers.map((number) => valueFor("SELECT $1::int", [number]));
    expect(await Promise.all(answers)).toEqual(numbers);
  });

  test("lets a transaction end before it goes on with others, and rolls back one that breaks off", async () => {
    await pool.query("CREATE TABLE steps (step int)");
    const count = "SELECT count(*)::int FROM steps";
    const client = await pool.connect();
    await client.query("BEGIN");
    await client.query("INSERT INTO steps VALUES (1)");
    const seenByOther = valueFor(count);
    await client.query("INSERT INTO steps VALUES (2)");
    await expect(client.query("SELECT 1 / 0")).rejects.toThrow("division by zero");
    await expect(client.query("SELECT 1")).rejects.toThrow("transaction is aborted");
    await client.query("ROLLBACK");
    expect(await seenByOther).toBe(0);

    await client.query("BEGIN");
    await client.query("INSERT INTO steps VALUES (3)");
    const seenAfterwards = valueFor(count);
    client.release(true);
    expect(await seenAfterwards).toBe(0);
  });

  test("has the settings of a connection for its statements alone", async () => {
    const show = "SHOW default_transaction_isolation";
    const options = "-c default_transaction_isolation=repeatable\\ read";
    const other = new Pool({ connectionString: engine().url, options });
    const { rows } = await other.query(show);
    expect(rows).toEqual([{ default_transaction_isolation: "repeatable read" }]);
    expect(await valueFor(show)).toBe("read committed");
    await other.end();
  });
});
