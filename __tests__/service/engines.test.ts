// What the service does, it does over every engine, with encryption and without.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { generateKey, type TotpStore } from "express-totp-setup";
import { createMysqlStore } from "express-totp-setup/mysql";
import { createPostgresStore } from "express-totp-setup/postgres";
import { createRedisStore } from "express-totp-setup/redis";
import { createSqliteStore } from "express-totp-setup/sqlite";
import { Cluster } from "ioredis";
import {
  anyPostgres,
  describeEngine,
  mariadb,
  redis,
  redisCluster,
} from "../helpers/engines/index.js";
import { useMysqlDatabase } from "../helpers/engines/mysql-database.js";
import { usePostgresSchema } from "../helpers/engines/postgres-schema.js";
import { REDIS_PACKAGES, type RedisConnection } from "../helpers/engines/redis-clients.js";
import { findSqlite, type SqliteFile } from "../helpers/engines/sqlite.js";
import { describeService } from "../helpers/service-suite.js";

function describeBoth(createStore: () => TotpStore): void {
  describeService("in plain text", { createStore });
  const current = { id: "one", key: generateKey() };
  describeService("encrypted", { createStore, encryption: { current } });
}

describeEngine(anyPostgres(), "over PostgreSQL", (engine) => {
  const { name, pool } = usePostgresSchema(engine);
  const createStore = () => createPostgresStore(pool(), { table: `${name}.totp_states` });
  beforeAll(() => createStore().createTable());
  describeBoth(createStore);
});

describeEngine(mariadb, "over MariaDB", (engine) => {
  const { pool } = useMysqlDatabase(engine);
  beforeAll(() => createMysqlStore(pool()).createTable());
  describeBoth(() => createMysqlStore(pool()));
});

describeEngine(redis, "over Redis", (engine) => {
  describe.each(Object.entries(REDIS_PACKAGES))("by %s", (_, connect) => {
    let connection: RedisConnection;
    beforeAll(async () => {
      connection = await connect(engine().url);
    });
    afterAll(() => connection?.close());
    describeBoth(() => createRedisStore(connection.client));
  });
});

describeEngine(redisCluster, "over a Redis Cluster", (engine) => {
  let cluster: Cluster;
  beforeAll(() => {
    cluster = new Cluster([engine().url]);
  });
  afterAll(() => cluster?.disconnect());
  describeBoth(() => createRedisStore(cluster));
});

const open = findSqlite();
(open ? describe : describe.skip)("over SQLite", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "totp-service-"));
  let db: SqliteFile;
  beforeAll(() => {
    db = open?.(path.join(folder, "totp.db")) as SqliteFile;
    createSqliteStore(db).createTable();
  });
  afterAll(() => {
    db?.close();
    rmSync(folder, { recursive: true });
  });
  describeBoth(() => createSqliteStore(db));
});
