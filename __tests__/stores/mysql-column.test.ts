import { createMysqlStore } from "express-totp-setup/mysql";
import { testTotpStore } from "express-totp-setup/testing";
import type { Pool, ResultSetHeader, RowDataPacket } from "mysql2/promise";
import { describeEngine, mariadb } from "../helpers/engines/index.js";
import { useMysqlDatabase } from "../helpers/engines/mysql-database.js";
import { kitRunner } from "../helpers/kit-runner.js";

const USER = "3f2a6b1c-9d4e-4f5a-8b7c-1d2e3f4a5b6c";

/** Type of the id column, an id, and others that are not the same. */
const IDS = [
  ["INT", "7", ["8", "7abc", "7.0", "07", "70e-1"]],
  // Past 2^53, from where on MySQL compares a number with a text as if they were floats.
  ["BIGINT UNSIGNED", "9007199254740993", ["9007199254740992", "9007199254740993x"]],
  ["CHAR(36)", USER, [USER.replace("3f", "3e")]],
  ["VARCHAR(191)", "ada", ["adb", "ad"]],
  ["VARBINARY(191)", "ada", ["Ada", "ada "]],
] as const;

describeEngine(mariadb, "the store in MariaDB, in a column of the app's table", (engine) => {
  const { pool, connect } = useMysqlDatabase(engine);

  async function addUser(table: string): Promise<string> {
    const [{ insertId }] = await pool().query<ResultSetHeader>(`INSERT INTO ${table} () VALUES ()`);
    return String(insertId);
  }

  // The database's own collation takes different values for equal, as does padding, to be told apart.
  describe.each(["TEXT", "VARCHAR(9000)", "TEXT COLLATE utf8mb4_bin", "MEDIUMTEXT"])(
    "of the type %s",
    (type) => {
      const table = `users_${type.replace(/\W/g, "")}`;
      let client: Pool;

      beforeAll(async () => {
        client = connect({ flags: [type === "TEXT" ? "-FOUND_ROWS" : "FOUND_ROWS"] });
        await pool().query(
          `CREATE TABLE ${table} (id BIGINT PRIMARY KEY AUTO_INCREMENT, totp ${type},
            is_enabled BOOLEAN NOT NULL DEFAULT FALSE)`,
        );
      });

      const options = { table, column: "totp", enabledColumn: "is_enabled" };

      testTotpStore(kitRunner, () => createMysqlStore(client, options), {
        expires: false,
        readEnabled: async (id) => {
          const sql = `SELECT is_enabled FROM ${table} WHERE id = ?`;
          const [[row]] = await pool().query<RowDataPacket[]>(sql, [id]);
          return row?.is_enabled === 1;
        },
        createUser: () => addUser(table),
      });
    },
  );

  describe.each(IDS)("by ids of the type %s", (type, id, others) => {
    const table = `users_by_${type.replace(/\W/g, "")}`;
    const options = { table, column: "totp", userIdColumn: "userId" };

    beforeAll(async () => {
      await pool().query(`CREATE TABLE ${table} (userId ${type} PRIMARY KEY, totp TEXT)`);
      await pool().query(`INSERT INTO ${table} (userId) VALUES (?), (?)`, [id, others[0]]);
    });

    test("tells users apart", async () => {
      const store = createMysqlStore(pool(), options);
      expect(await store.compareAndSet(id, undefined, "v")).toBe(true);
      expect(await store.get(id)).toBe("v");
      for (const other of others) {
        expect(await store.get(other)).toBeUndefined();
        // What is no number is an error in strict mode.
        const write = async () => store.compareAndSet(other, "v", "w");
        expect(await write().catch(() => false)).toBe(false);
      }
      expect(await store.get(id)).toBe("v");
    });

    test("finds them by the index", async () => {
      const keys: unknown[] = [];
      const execute = async (sql: string, values: (string | number | null)[]) => {
        const [rows] = await pool().execute(`EXPLAIN ${sql}`, values);
        keys.push((rows as { key: string | null }[]).flatMap(({ key }) => key ?? []));
        const row = { autocommit: 1, has_row: 0, value: null };
        return [sql.startsWith("SELECT") ? [row] : { affectedRows: 0 }] as [unknown];
      };
      const store = createMysqlStore({ execute }, options);
      await store.get(id);
      await store.compareAndSet(id, "v", "w");
      expect(keys).toEqual([["PRIMARY"], ["PRIMARY"]]);
    });
  });

  test("of users who do not exist knows nothing, and makes none", async () => {
    await pool().query("CREATE TABLE people (id INT PRIMARY KEY, totp TEXT)");
    await pool().query("INSERT INTO people (id) VALUES (1)");
    for (const flags of [["FOUND_ROWS"], ["-FOUND_ROWS"]]) {
      const store = createMysqlStore(connect({ flags }), { table: "people", column: "totp" });
      expect(await store.get("2")).toBeUndefined();
      expect(await store.compareAndSet("2", undefined, "v")).toBe(false);
      expect(await store.compareAndSet("2", undefined, undefined)).toBe(false);
      expect(await store.compareAndSet("1", undefined, undefined)).toBe(true);
      expect("createTable" in store).toBe(false);
    }
    expect((await pool().query("SELECT * FROM people"))[0]).toEqual([{ id: 1, totp: null }]);
  });

  test("leaves a value as it was where MySQL would cut the next one", async () => {
    await pool().query("CREATE TABLE short (id INT PRIMARY KEY AUTO_INCREMENT, totp VARCHAR(20))");
    const lax = connect({}, "SET sql_mode = ''");
    await pool().query("ALTER TABLE short ADD is_on BOOLEAN NOT NULL DEFAULT FALSE");
    const options = { table: "short", column: "totp", enabledColumn: "is_on" };
    const store = createMysqlStore(lax, options);
    const user = await addUser("short");
    const write = store.compareAndSet(user, undefined, "x".repeat(21), { isEnabled: true });
    await expect(write).rejects.toThrow("too short");
    const [rows] = await pool().query("SELECT totp, is_on FROM short");
    expect(rows).toEqual([{ totp: null, is_on: 0 }]);
    expect(await store.compareAndSet(user, undefined, "before")).toBe(true);
    await expect(store.compareAndSet(user, "before", "x".repeat(21))).rejects.toThrow("too short");
    expect(await store.get(user)).toBe("before");
  });

  test("keeps a value that fits when the client returns no number of warnings", async () => {
    await pool().query("CREATE TABLE unwarned (id INT PRIMARY KEY, totp TEXT)");
    await pool().query("INSERT INTO unwarned (id) VALUES (7)");
    const execute = async (sql: string, values: (string | number | null)[]) => {
      const [result] = await pool().execute(sql, values);
      return [Array.isArray(result) ? result : { ...result, warningStatus: undefined }] as [
        unknown,
      ];
    };
    const store = createMysqlStore({ execute }, { table: "unwarned", column: "totp" });
    expect(await store.compareAndSet("7", undefined, "v")).toBe(true);
    expect(await store.get("7")).toBe("v");
  });

  test.each([
    ["autocommit off", "SET autocommit = 0"],
    ["an open transaction", "START TRANSACTION"],
  ])("accepts no write of a connection with %s", async (got, begin) => {
    await pool().query("CREATE TABLE IF NOT EXISTS late (id INT PRIMARY KEY, totp TEXT)");
    await pool().query("REPLACE INTO late VALUES (7, 'v')");
    const options = { table: "late", column: "totp" };
    const client = connect({ connectionLimit: 1 }, begin);
    const store = createMysqlStore(client, options);
    const message = `a connection that commits each statement, got one with ${got}.`;
    await expect(store.compareAndSet("7", "v", "w")).rejects.toThrow(message);
    if (got === "autocommit off") await expect(store.get("7")).rejects.toThrow(message);
    expect(await createMysqlStore(pool(), options).get("7")).toBe("v");
    await client.query("ROLLBACK");
  });

  test("takes names to the letter, with their database", async () => {
    const [[row]] = (await pool().query("SELECT DATABASE() AS name")) as [
      { name: string }[],
      unknown,
    ];
    await pool().query("CREATE TABLE `Größe` (`select` INT PRIMARY KEY, `order` TEXT)");
    await pool().query("INSERT INTO `Größe` (`select`) VALUES (7)");
    const options = { table: `${row?.name}.Größe`, column: "order", userIdColumn: "select" };
    const store = createMysqlStore(pool(), options);
    expect(await store.compareAndSet("7", undefined, "v")).toBe(true);
    expect(await store.get("7")).toBe("v");
  });
});
