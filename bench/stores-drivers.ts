// Each engine, reached by the store and by its bare driver.
import { createRequire } from "node:module";
import { createMysqlStore } from "express-totp-setup/mysql";
import { createPostgresStore } from "express-totp-setup/postgres";
import { createRedisStore } from "express-totp-setup/redis";
import { createSqliteStore } from "express-totp-setup/sqlite";
import { Redis } from "ioredis";
import { createPool, type ResultSetHeader, type RowDataPacket } from "mysql2/promise";
import { Pool } from "pg";
import type { TotpStore } from "../lib/index.js";

type Awaitable<T> = T | Promise<T>;

/** One engine, reached in two ways. */
export interface Reached {
  store: TotpStore;
  /** By the bare driver, of a row that the store made. */
  read(userId: string): Awaitable<string>;
  write(userId: string, expected: string, next: string): Awaitable<boolean>;
  /** Puts rows in by the thousand. */
  fill(rows: readonly [userId: string, value: string][]): Awaitable<unknown>;
  /** Bytes of all that {@link fill} put in, and how they were measured. */
  size(): Promise<{ bytes: number; by: string }>;
  /** Writes every row again at once, where that makes the engine keep two versions of each. */
  rewrite?(): Promise<unknown>;
  close(): Promise<unknown>;
}

const TABLE = "totp_bench";

export async function postgres(connectionString: string): Promise<Reached> {
  const pool = new Pool({ connectionString });
  const store = createPostgresStore(pool, { table: TABLE });
  await store.createTable();
  const read = `SELECT value FROM ${TABLE} WHERE user_id = $1`;
  const write = `UPDATE ${TABLE} SET value = $2 WHERE user_id = $1 AND value = $3`;
  const fill = `INSERT INTO ${TABLE} SELECT * FROM unnest($1::text[], $2::text[])`;
  return {
    store,
    read: async (userId) => (await pool.query(read, [userId])).rows[0].value,
    write: async (...values) => {
      const [userId, expected, next] = values;
      return (await pool.query(write, [userId, next, expected])).rowCount === 1;
    },
    fill: (rows) => pool.query(fill, [rows.map(([id]) => id), rows.map(([, value]) => value)]),
    rewrite: () => pool.query(`UPDATE ${TABLE} SET value = value || ''`),
    async size() {
      await pool.query(`VACUUM ANALYZE ${TABLE}`);
      const { rows } = await pool.query(`SELECT pg_total_relation_size('${TABLE}') AS bytes`);
      return { bytes: Number(rows[0].bytes), by: "pg_total_relation_size after VACUUM" };
    },
    async close() {
      await pool.query(`DROP TABLE ${TABLE}`);
      await pool.end();
    },
  };
}

export async function mariadb(uri: string): Promise<Reached> {
  const pool = createPool({ uri });
  const store = createMysqlStore(pool, { table: TABLE });
  await store.createTable();
  const read = `SELECT value FROM ${TABLE} WHERE user_id = ?`;
  const write = `UPDATE ${TABLE} SET value = ? WHERE user_id = ? AND value = ?`;
  return {
    store,
    read: async (userId) =>
      (await pool.execute<RowDataPacket[]>(read, [userId]))[0][0]?.value as string,
    write: async (userId, expected, next) =>
      (await pool.execute<ResultSetHeader>(write, [next, userId, expected]))[0].affectedRows === 1,
    fill: (rows) => pool.query(`INSERT INTO ${TABLE} (user_id, value) VALUES ?`, [rows]),
    async size() {
      await pool.query(`ANALYZE TABLE ${TABLE}`);
      const sql = "SELECT data_length + index_length AS bytes FROM information_schema.tables";
      const [rows] = await pool.query<RowDataPacket[]>(`${sql} WHERE table_name = '${TABLE}'`);
      return { bytes: Number(rows[0]?.bytes), by: "data_length + index_length" };
    },
    async close() {
      await pool.query(`DROP TABLE ${TABLE}`);
      await pool.end();
    },
  };
}

const SET_IF = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1`;

export async function redis(url: string): Promise<Reached> {
  const client = new Redis(url);
  const key = (userId: string) => `${TABLE}:${userId}`;
  const sha = String(await client.script("LOAD", SET_IF));
  const used = async () => Number(/used_memory:(\d+)/.exec(await client.info("memory"))?.[1]);
  const before = await used();
  return {
    store: createRedisStore(client, { prefix: key("") }),
    read: async (userId) => (await client.get(key(userId))) ?? "",
    write: async (userId, expected, next) =>
      (await client.evalsha(sha, 1, key(userId), expected, next)) === 1,
    fill: (rows) => client.mset(rows.flatMap(([userId, value]) => [key(userId), value])),
    size: async () => ({ bytes: (await used()) - before, by: "growth of used_memory" }),
    async close() {
      for await (const keys of client.scanStream({ match: key("*"), count: 10_000 })) {
        if (keys.length > 0) await client.unlink(keys);
      }
      client.disconnect();
    },
  };
}

export async function sqlite(file: string): Promise<Reached> {
  const Database: typeof import("better-sqlite3") = createRequire(import.meta.url)(
    "better-sqlite3",
  );
  const db = new Database(file);
  db.pragma("journal_mode = WAL");
  // The driver's own default is less, and then faster: a write may be gone after a power failure.
  db.pragma("synchronous = FULL");
  const store = createSqliteStore(db, { table: TABLE });
  store.createTable();
  const read = db.prepare(`SELECT value FROM ${TABLE} WHERE user_id = ?`).pluck();
  const write = db.prepare(`UPDATE ${TABLE} SET value = ? WHERE user_id = ? AND value = ?`);
  const insert = db.prepare(`INSERT INTO ${TABLE} (user_id, value) VALUES (?, ?)`);
  return {
    store,
    read: (userId) => read.get(userId) as string,
    write: (userId, expected, next) => write.run(next, userId, expected).changes === 1,
    fill: db.transaction((rows) => rows.forEach((row: string[]) => void insert.run(...row))),
    async size() {
      const pages = db.pragma("page_count", { simple: true });
      const bytes = Number(pages) * Number(db.pragma("page_size", { simple: true }));
      return { bytes, by: "page_count × page_size" };
    },
    close: async () => db.close(),
  };
}
