import { createPostgresStore } from "express-totp-setup/postgres";
import { testTotpStore } from "express-totp-setup/testing";
import { anyPostgres, describeEngine } from "../helpers/engines/index.js";
import { usePostgresSchema } from "../helpers/engines/postgres-schema.js";
import { kitRunner } from "../helpers/kit-runner.js";

const USER = "3f2a6b1c-9d4e-4f5a-8b7c-1d2e3f4a5b6c";

/** Type of the id column, an id, and one that is nearly the same. */
const IDS = [
  ["integer", "7", "8"],
  // Past 2^53, where JavaScript's numbers are no longer exact.
  ["bigint", "9007199254740993", "9007199254740992"],
  ["uuid", USER, USER.replace("3f", "3e")],
  ["text", "ada", "Ada"],
  ["varchar(40)", "ada", "ada "],
] as const;

describeEngine(anyPostgres(), "the store in PostgreSQL, in a column of a table", (engine) => {
  const { name: schema, pool, connect } = usePostgresSchema(engine);

  beforeAll(async () => {
    await pool().query(`CREATE EXTENSION IF NOT EXISTS citext`);
    await pool().query(
      `CREATE COLLATION ${schema}.blind (provider = icu, locale = 'und-u-ks-level1', deterministic = false)`,
    );
  });

  // Types and collations for which different values are equal, to be told apart all the same.
  describe.each([
    ["text", "text"],
    ["blind", `text COLLATE ${schema}.blind`],
    ["citext", "citext"],
  ])("of the type %s", (name, type) => {
    const table = `${schema}.users_${name}`;

    beforeAll(() =>
      pool().query(
        `CREATE TABLE ${table} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, totp ${type},
          is_enabled boolean NOT NULL DEFAULT false)`,
      ),
    );

    const options = { table, column: "totp", enabledColumn: "is_enabled" };

    testTotpStore(kitRunner, () => createPostgresStore(pool(), options), {
      expires: false,
      readEnabled: async (id) => {
        const text = `SELECT is_enabled FROM ${table} WHERE id = $1`;
        return (await pool().query(text, [id])).rows[0].is_enabled;
      },
      createUser: async () => {
        const { rows } = await pool().query(`INSERT INTO ${table} DEFAULT VALUES RETURNING id`);
        return rows[0].id;
      },
    });
  });

  describe.each(IDS)("by ids of the type %s", (type, id, other) => {
    const table = `${schema}.users_by_${type.replace(/\W/g, "")}`;
    const options = { table, column: "totp", userIdColumn: "userId" };

    beforeAll(async () => {
      await pool().query(`CREATE TABLE ${table} ("userId" ${type} PRIMARY KEY, totp text)`);
      await pool().query(`INSERT INTO ${table} VALUES ($1), ($2)`, [id, other]);
    });

    test("tells users apart", async () => {
      const store = createPostgresStore(pool(), options);
      expect(await store.compareAndSet(id, undefined, "v")).toBe(true);
      expect(await store.get(id)).toBe("v");
      expect(await store.get(other)).toBeUndefined();
    });

    test("finds them by the index", async () => {
      const client = await connect({ max: 1 }).connect();
      const plans: string[] = [];
      const explain = async (text: string, values: unknown[]) => {
        const plan = await client.query(`EXPLAIN ${text}`, values);
        plans.push(plan.rows.map((row) => row["QUERY PLAN"]).join("\n"));
        return { rows: [], rowCount: 0 };
      };
      // Where an index can be used at all, it then is.
      await client.query("SET enable_seqscan = off");
      const store = createPostgresStore({ query: explain }, options);
      await store.get(id);
      await store.compareAndSet(id, "v", "w");
      client.release();
      expect(plans).toHaveLength(2);
      for (const plan of plans) expect(plan).toMatch(/Index Cond: \(+"userId"\)?(::text)? = /);
    });
  });

  test("of users who do not exist knows nothing, and makes none", async () => {
    const table = `${schema}.people`;
    await pool().query(`CREATE TABLE ${table} (id int PRIMARY KEY, totp text)`);
    await pool().query(`INSERT INTO ${table} VALUES (1)`);
    const store = createPostgresStore(pool(), { table, column: "totp" });
    expect(await store.get("2")).toBeUndefined();
    expect(await store.compareAndSet("2", undefined, "v")).toBe(false);
    expect(await store.compareAndSet("2", undefined, undefined)).toBe(false);
    expect(await store.compareAndSet("1", undefined, undefined)).toBe(true);
    expect((await pool().query(`SELECT * FROM ${table}`)).rows).toEqual([{ id: 1, totp: null }]);
    expect("createTable" in store).toBe(false);
  });

  test("takes names to the letter", async () => {
    await pool().query(`CREATE TABLE ${schema}."Größe" ("userId" int PRIMARY KEY, "order" text)`);
    await pool().query(`INSERT INTO ${schema}."Größe" VALUES (7)`);
    const options = { table: `${schema}.Größe`, column: "order", userIdColumn: "userId" };
    const store = createPostgresStore(pool(), options);
    expect(await store.compareAndSet("7", undefined, "v")).toBe(true);
    expect(await store.get("7")).toBe("v");
  });
});
