// A user who has just switched TOTP on must not read as one without, and a code that was used not as unused.
import { randomUUID } from "node:crypto";
import { TotpConfigError } from "express-totp-setup";
import {
  createRedisStore,
  type IoredisClient,
  type NodeRedisClient,
} from "express-totp-setup/redis";
import { Cluster, Redis } from "ioredis";
import { createClient, createCluster } from "redis";
import { createCluster as createCluster4 } from "redis4";
import { createClient as createClient5, createCluster as createCluster5 } from "redis5";
import {
  describeEngine,
  describeLocalEngine,
  type LocalEngine,
  redis,
  redisCluster,
  startReplica,
} from "../helpers/engines/index.js";
import { thrownBy } from "../helpers/thrown-by.js";

describeEngine(redis, "the store in Redis, where the client keeps a cache", (engine) => {
  const cached = { RESP: 3, clientSideCache: { ttl: 60_000, maxEntries: 1000 } } as const;
  const packages = {
    "redis (node-redis)": (url: string) => createClient({ url, ...cached }),
    "redis 5": (url: string) => createClient5({ url, ...cached }),
  };

  test.each(Object.entries(packages))("reads past the cache of %s", async (_, create) => {
    const client = create(engine().url);
    const other = new Redis(engine().url);
    await client.connect();
    try {
      const [store, elsewhere] = [createRedisStore(client as never), createRedisStore(other)];
      const user = randomUUID();
      let before: string | undefined;
      for (let round = 0; round < 200; round++) {
        const next = `value ${round}`;
        expect(await store.get(user)).toBe(before);
        expect(await elsewhere.compareAndSet(user, before, next)).toBe(true);
        before = next;
      }
      expect(client.clientSideCache?.stats().missCount).toBe(0);
      // It would look there, if it were for the client.
      await client.get(`totp:${user}`);
      expect(client.clientSideCache?.stats().missCount).toBe(1);
    } finally {
      client.destroy();
      other.disconnect();
    }
  });
});

interface Reader {
  client: (IoredisClient | NodeRedisClient) & { get(key: string): PromiseLike<unknown> };
  close(): unknown;
}

/** Clients that read from replicas wherever they can. */
const READERS: Record<string, (url: string) => Promise<Reader>> = {
  ioredis: async (url) => {
    const client = new Cluster([url], { scaleReads: "slave" });
    return { client, close: () => client.disconnect() };
  },
  "redis (node-redis)": async (url) => {
    const client = createCluster({ rootNodes: [{ url }], useReplicas: true });
    await client.connect();
    return { client, close: () => client.destroy() };
  },
  "redis 5": async (url) => {
    const client = createCluster5({ rootNodes: [{ url }], useReplicas: true });
    await client.connect();
    return { client, close: () => client.destroy() };
  },
  "redis 4": async (url) => {
    const client = createCluster4({ rootNodes: [{ url }], useReplicas: true });
    await client.connect();
    return { client: client as never, close: () => client.disconnect() };
  },
};

describeLocalEngine(redisCluster, "the store in a Redis Cluster with a replica", (engine) => {
  let replica: LocalEngine;
  let replicaNode: Redis;

  beforeAll(async () => {
    replica = await startReplica(engine());
    replicaNode = new Redis(replica.url);
  }, 60_000);

  afterAll(async () => {
    replicaNode?.disconnect();
    await replica?.stop();
  });

  /** How many reads of any kind the replica has had from clients. */
  async function readsOfReplica(): Promise<number> {
    const stats = await replicaNode.info("commandstats");
    const counts = stats.matchAll(/^cmdstat_(?:get|eval|evalsha):calls=(\d+)/gm);
    return [...counts].reduce((sum, [, calls]) => sum + Number(calls), 0);
  }

  test.each(Object.entries(READERS))("reads from the master, by %s", async (_, connect) => {
    const { client, close } = await connect(engine().url);
    try {
      const store = createRedisStore(client);
      const users = Array.from({ length: 60 }, () => randomUUID());
      await replicaNode.config("RESETSTAT");
      for (const user of users) {
        expect(await store.compareAndSet(user, undefined, "v")).toBe(true);
        expect(await store.get(user)).toBe("v");
      }
      expect(await readsOfReplica()).toBe(0);
      // It would, if it were for the client.
      for (const user of users) await client.get(`totp:${user}`);
      expect(await readsOfReplica()).toBeGreaterThan(0);
    } finally {
      await close();
    }
  });
});

test("a client of ioredis that asks Sentinel for a replica is refused", () => {
  const sentinels = [{ host: "127.0.0.1", port: 1 }];
  const client = new Redis({ sentinels, name: "mymaster", role: "slave", lazyConnect: true });
  const error = thrownBy(() => createRedisStore(client));
  expect(error).toBeInstanceOf(TotpConfigError);
  expect(error.message).toContain("Omit the option role");
});
