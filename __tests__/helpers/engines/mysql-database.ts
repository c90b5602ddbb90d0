import { randomUUID } from "node:crypto";
import { createPool, type Pool, type PoolOptions } from "mysql2/promise";
import type { Engine } from "./local-engine.js";

/** A database of the tests, so that those of others on the server are left alone. */
export interface MysqlDatabase {
  /** A pool that is there during tests, and closed after them. */
  pool(): Pool;
  /** A further one, every connection of which begins with these statements. */
  connect(options?: PoolOptions, ...begin: string[]): Pool;
}

export function useMysqlDatabase(engine: () => Engine): MysqlDatabase {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const pools: Pool[] = [];

  function connect(options?: PoolOptions, ...begin: string[]): Pool {
    const pool = createPool({ uri: engine().url, database: name, ...options });
    // Its connections are those with callbacks; statements of one are run in order.
    pool.pool.on("connection", (connection) => {
      for (const statement of begin) connection.query(statement);
    });
    pools.push(pool);
    return pool;
  }

  function pool(): Pool {
    if (!pools[0]) throw new Error("there is a pool only during tests");
    return pools[0];
  }

  beforeAll(async () => {
    // A collation for which `a`, `A`, `á` and `a ` are equal, and a usual one.
    const collation = "CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci";
    const server = createPool({ uri: engine().url });
    await server.query(`CREATE DATABASE ${name} ${collation}`);
    await server.end();
    connect();
  });

  afterAll(async () => {
    await pools[0]?.query(`DROP DATABASE ${name}`);
    await Promise.all(pools.map((each) => each.end()));
  });

  return { pool, connect };
}
