import { randomUUID } from "node:crypto";
import {
  createRedisStore,
  type IoredisClient,
  type NodeRedisClient,
} from "express-totp-setup/redis";
import { testTotpStore } from "express-totp-setup/testing";
import { Cluster, Redis } from "ioredis";
import { createCluster } from "redis";
import { createCluster as createCluster4 } from "redis4";
import { createCluster as createCluster5 } from "redis5";
import { describeLocalEngine, redisCluster } from "../helpers/engines/index.js";
import { kitRunner } from "../helpers/kit-runner.js";

interface Connection {
  client: IoredisClient | NodeRedisClient;
  close(): unknown;
}

const PACKAGES: Record<string, (url: string) => Promise<Connection>> = {
  ioredis: async (url) => {
    const client = new Cluster([url]);
    return { client, close: () => client.disconnect() };
  },
  "redis (node-redis)": async (url) => {
    const client = createCluster({ rootNodes: [{ url }] });
    await client.connect();
    return { client, close: () => client.destroy() };
  },
  "redis 5": async (url) => {
    const client = createCluster5({ rootNodes: [{ url }] });
    await client.connect();
    return { client, close: () => client.destroy() };
  },
  "redis 4": async (url) => {
    const client = createCluster4({ rootNodes: [{ url }] });
    await client.connect();
    return { client, close: () => client.disconnect() };
  },
};

describeLocalEngine(redisCluster, "the store in a Redis Cluster", (engine) => {
  let nodes: Redis[] = [];

  beforeAll(() => {
    nodes = engine().nodes.map(({ url }) => new Redis(url));
  });

  afterAll(() => {
    for (const node of nodes) node.disconnect();
  });

  describe.each(Object.entries(PACKAGES))("by %s", (_, connect) => {
    let connection: Connection;

    beforeAll(async () => {
      connection = await connect(engine().url);
    });

    afterAll(() => connection?.close());

    testTotpStore(kitRunner, () => createRedisStore(connection.client));

    test("spreads users over all masters", async () => {
      await Promise.all(nodes.map((node) => node.flushall()));
      const store = createRedisStore(connection.client);
      const users = Array.from({ length: 60 }, () => randomUUID());
      await Promise.all(users.map((user) => store.compareAndSet(user, undefined, `of ${user}`)));
      expect(await Promise.all(users.map((user) => store.get(user)))).toEqual(
        users.map((user) => `of ${user}`),
      );
      const sizes = await Promise.all(nodes.map((node) => node.dbsize()));
      expect(Math.min(...sizes)).toBeGreaterThan(0);
      expect(sizes.reduce((sum, size) => sum + size)).toBe(users.length);
    });

    // A node that has not got the slot says MOVED, and counts it.
    test("sends every command to the node that has the key", async () => {
      const store = createRedisStore(connection.client);
      await store.get(randomUUID());
      const before = await movedReplies(nodes);
      for (let count = 0; count < 100; count++) {
        const user = randomUUID();
        expect(await store.compareAndSet(user, undefined, "v")).toBe(true);
        expect(await store.get(user)).toBe("v");
      }
      expect(await movedReplies(nodes)).toBe(before);
    });

    test("sends the script again to each master that has forgotten it", async () => {
      await Promise.all(nodes.map((node) => node.script("FLUSH")));
      const store = createRedisStore(connection.client);
      const users = Array.from({ length: 30 }, () => randomUUID());
      const set = (user: string) => store.compareAndSet(user, undefined, "v");
      expect(await Promise.all(users.map(set))).toEqual(users.map(() => true));
    });

    test("finds a user whose slot has moved to another master", async () => {
      const store = createRedisStore(connection.client);
      const user = randomUUID();
      await store.compareAndSet(user, undefined, "v");
      await moveSlotOf(`totp:${user}`, nodes);
      expect(await store.get(user)).toBe("v");
      expect(await store.compareAndSet(user, "v", "w")).toBe(true);
      expect(await store.get(user)).toBe("w");
    });
  });
});

async function movedReplies(nodes: readonly Redis[]): Promise<number> {
  const infos = await Promise.all(nodes.map((node) => node.info("errorstats")));
  const counts = infos.map((info) => Number(/^errorstat_MOVED:count=(\d+)/m.exec(info)?.[1] ?? 0));
  return counts.reduce((sum, count) => sum + count);
}

/** As an operator does who adds a node or rebalances them. */
async function moveSlotOf(key: string, nodes: readonly Redis[]): Promise<void> {
  const slot = await nodes[0]?.cluster("KEYSLOT", key);
  const counts = await Promise.all(nodes.map((node) => node.exists(key).catch(() => 0)));
  const from = nodes[counts.indexOf(1)];
  const to = nodes[(counts.indexOf(1) + 1) % nodes.length];
  if (slot === undefined || !from || !to) throw new Error(`nobody has ${key}`);
  const [fromId, toId] = [await from.cluster("MYID"), await to.cluster("MYID")];
  await to.cluster("SETSLOT", slot, "IMPORTING", fromId);
  await from.cluster("SETSLOT", slot, "MIGRATING", toId);
  await from.migrate("127.0.0.1", Number(to.options.port), key, 0, 5_000);
  for (const node of [to, from]) await node.cluster("SETSLOT", slot, "NODE", toId);
}
