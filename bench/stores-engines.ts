// Finds or starts the engines.
import { require as requireTs } from "tsx/cjs/api";
import { mariadb, postgres, type Reached, redis, sqlite } from "./stores-drivers.js";

type Postgres = typeof import("../__tests__/helpers/engines/postgres.js");
type Mariadb = typeof import("../__tests__/helpers/engines/mariadb.js");
type RedisHelper = typeof import("../__tests__/helpers/engines/redis.js");
type Sqlite = typeof import("../__tests__/helpers/fleet/sqlite-file.js");

/** A helper of the tests, as CommonJS: so they are read there too. */
function helper<T>(file: string): T {
  return requireTs(`../__tests__/helpers/${file}.ts`, import.meta.url) as T;
}

const { postgres: postgresKind } = helper<Postgres>("engines/postgres");
const { mariadb: mariadbKind } = helper<Mariadb>("engines/mariadb");
const { redis: redisKind } = helper<RedisHelper>("engines/redis");
const { sqliteFile } = helper<Sqlite>("fleet/sqlite-file");

const ENGINES = [
  { kind: postgresKind, reach: postgres },
  { kind: mariadbKind, reach: mariadb },
  { kind: redisKind, reach: redis },
  { kind: sqliteFile, reach: sqlite },
];

/** Uses each engine that there is: of the URL in the environment, else started for this. */
export async function forEachEngine(
  use: (name: string, engine: Reached) => Promise<void>,
): Promise<void> {
  for (const { kind, reach } of ENGINES) {
    const url = kind.variable && process.env[kind.variable];
    const started = url ? undefined : await kind.find()?.();
    const target = url || started?.url;
    if (!target) {
      console.log(`  ${kind.name}: LEFT OUT, it is not on this machine (${kind.debianPackage})`);
      continue;
    }
    try {
      const engine = await reach(target);
      await use(kind.name, engine).finally(() => engine.close());
    } finally {
      await started?.stop();
    }
  }
}
