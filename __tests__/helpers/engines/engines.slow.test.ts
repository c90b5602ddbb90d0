// Of the tests' own means: were a pause no pause, or did a kill lose what was saved, faults would prove nothing.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { TotpStore } from "express-totp-setup";
import { createMysqlStore } from "express-totp-setup/mysql";
import { createPostgresStore } from "express-totp-setup/postgres";
import { createRedisStore } from "express-totp-setup/redis";
import { Cluster, Redis } from "ioredis";
import { createPool } from "mysql2/promise";
import { Pool } from "pg";
import { mariadb, postgres, redis, redisCluster } from "./index.js";
import { describeLocalEngine, type EngineKind } from "./kind.js";
import { until } from "./until.js";

interface Connection {
  store: TotpStore;
  close(): unknown;
}

const engines = { postgres, mariadb, redis, redisCluster };

const KINDS: [keyof typeof engines, (url: string) => Promise<Connection>][] = [
  [
    "postgres",
    async (connectionString) => {
      const pool = new Pool({ connectionString }).on("error", ignore);
      const store = createPostgresStore(pool);
      await store.createTable();
      return { store, close: () => pool.end() };
    },
  ],
  [
    "mariadb",
    async (uri) => {
      const pool = createPool({ uri });
      const store = createMysqlStore(pool);
      await store.createTable();
      return { store, close: () => pool.end() };
    },
  ],
  ["redis", async (url) => overRedis(new Redis(url))],
  ["redisCluster", async (url) => overRedis(new Cluster([url]))],
];

function overRedis(client: Redis | Cluster): Connection {
  client.on("error", ignore);
  return { store: createRedisStore(client), close: () => client.disconnect() };
}

/** The calls that failed tell of it too. */
function ignore(): void {}

describe.each(KINDS)("%s", (name, connect) => {
  const kind: EngineKind = engines[name];

  describeLocalEngine(kind, "started by the tests", (engine) => {
    let connection: Connection;

    beforeAll(async () => {
      connection = await connect(engine().url);
    });

    afterAll(() => connection?.close());

    test("holds its answers back while it is paused", async () => {
      const { store } = connection;
      expect(await store.compareAndSet("ada", undefined, "v")).toBe(true);
      engine().pause();
      const answer = store.get("ada");
      expect(await Promise.race([answer, delay(300, "silence")])).toBe("silence");
      engine().resume();
      expect(await answer).toBe("v");
    });

    test("has all that it has confirmed after it was killed", async () => {
      const { store } = connection;
      const users = Array.from({ length: 50 }, (_, index) => `user ${index}`);
      await Promise.all(users.map((user) => store.compareAndSet(user, undefined, `of ${user}`)));
      await engine().kill();
      await engine().restart();
      await until(async () => store.get("user 0"));
      const values = await Promise.all(users.map((user) => store.get(user)));
      expect(values).toEqual(users.map((user) => `of ${user}`));
    }, 60_000);

    test("is gone, with its folder, when the process of the tests was killed", async () => {
      const folder = mkdtempSync(path.join(tmpdir(), "totp-engines-"));
      // For the users that the engines run as.
      chmodSync(folder, 0o755);
      const program = `import { ${name} } from ${JSON.stringify(path.join(__dirname, "index.ts"))};
        process.send((await ${name}.find()()).url);`;
      const flags = ["--import", "tsx", "--input-type=module", "--eval", program];
      const child = spawn(process.execPath, flags, {
        env: { ...process.env, TMPDIR: folder },
        stdio: ["ignore", "inherit", "inherit", "ipc"],
      });
      const [url] = (await once(child, "message")) as [string];
      // Beside those of the compiler.
      const folders = () => readdirSync(folder).filter((each) => each.startsWith("totp-engine-"));
      expect(folders()).not.toEqual([]);
      await expect(reach(url)).resolves.toBe("reached");
      child.kill("SIGKILL");
      await until(async () => expect(folders()).toEqual([]));
      await expect(reach(url)).rejects.toThrow("ECONNREFUSED");
      rmSync(folder, { recursive: true });
    }, 60_000);
  });
});

async function reach(url: string): Promise<string> {
  const socket = createConnection(Number(new URL(url).port), "127.0.0.1");
  try {
    await once(socket, "connect");
    return "reached";
  } finally {
    socket.destroy();
  }
}
