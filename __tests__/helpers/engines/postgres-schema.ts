import { randomUUID } from "node:crypto";
import { Pool, type PoolConfig } from "pg";
import type { Engine } from "./local-engine.js";

/** A schema of the tests, so that the tables of a database that others use are left alone. */
export interface PostgresSchema {
  name: string;
  /** A pool that is there during tests, and closed after them. */
  pool(): Pool;
  /** A further one, which shares nothing with it. */
  connect(config?: PoolConfig): Pool;
}

export function usePostgresSchema(engine: () => Engine): PostgresSchema {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const pools: Pool[] = [];

  function connect(config?: PoolConfig): Pool {
    const pool = new Pool({ connectionString: engine().url, ...config });
    pools.push(pool);
    return pool;
  }

  function pool(): Pool {
    if (!pools[0]) throw new Error("there is a pool only during tests");
    return pools[0];
  }

  beforeAll(() => connect().query(`CREATE SCHEMA ${name}`));

  afterAll(async () => {
    await pools[0]?.query(`DROP SCHEMA ${name} CASCADE`);
    await Promise.all(pools.map((each) => each.end()));
  });

  return { name, pool, connect };
}
