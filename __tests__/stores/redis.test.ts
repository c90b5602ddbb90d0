import { randomUUID } from "node:crypto";
import { TotpConfigError } from "express-totp-setup";
import { createRedisStore } from "express-totp-setup/redis";
import { testTotpStore } from "express-totp-setup/testing";
import { describeEngine, describeLocalEngine, redis } from "../helpers/engines/index.js";
import { REDIS_PACKAGES, type RedisConnection } from "../helpers/engines/redis-clients.js";
import { refusesClient } from "../helpers/engines/sql-options.js";
import { until } from "../helpers/engines/until.js";
import { kitRunner } from "../helpers/kit-runner.js";
import { thrownBy } from "../helpers/thrown-by.js";

const packages = Object.entries(REDIS_PACKAGES);

describeEngine(redis, "the store in Redis", (engine) => {
  describe.each(packages)("by %s", (_, connect) => {
    let one: RedisConnection;
    let another: RedisConnection;
    let prefix: string;

    beforeAll(async () => {
      one = await connect(engine().url);
      another = await connect(engine().url);
      prefix = `test-${randomUUID()}:`;
    });

    afterAll(() => Promise.all([one, another].map((connection) => connection?.close())));

    let made = 0;
    testTotpStore(kitRunner, () => {
      const { client } = made++ % 2 ? one : another;
      return createRedisStore(client, { prefix });
    });

    test("keeps one key a user, by default under totp:", async () => {
      const user = randomUUID();
      await createRedisStore(one.client).compareAndSet(user, undefined, "v");
      expect(await one.command("GET", `totp:${user}`)).toBe("v");
      expect(await one.command("PTTL", `totp:${user}`)).toBe(-1);
      await createRedisStore(one.client).compareAndSet(user, "v", undefined);
      expect(await one.command("EXISTS", `totp:${user}`)).toBe(0);
    });

    test("lets Redis drop the key at expiresAt, and keep it after a write without", async () => {
      const store = createRedisStore(one.client, { prefix: "" });
      const key = `${prefix}expiring`;
      const expiresAt = new Date(Date.now() + 600_000);
      await store.compareAndSet(key, undefined, "v", { expiresAt });
      expect(Number(await one.command("PEXPIRETIME", key))).toBe(expiresAt.getTime());
      await store.compareAndSet(key, "v", "w");
      expect(Number(await one.command("PEXPIRETIME", key))).toBe(-1);
    });

    test("sends the script again to a server that has forgotten it", async () => {
      const store = createRedisStore(one.client, { prefix });
      const user = randomUUID();
      await one.command("SCRIPT", "FLUSH");
      expect(await store.compareAndSet(user, undefined, "v")).toBe(true);
      await one.command("SCRIPT", "FLUSH");
      expect(await store.compareAndSet(user, "other", "w")).toBe(false);
      expect(await store.get(user)).toBe("v");
    });

    test("sends it once", async () => {
      const store = createRedisStore(one.client, { prefix });
      const user = randomUUID();
      await store.compareAndSet(user, undefined, "v");
      await one.command("CONFIG", "RESETSTAT");
      await store.compareAndSet(user, "v", "w");
      const calls = String(await one.command("INFO", "commandstats"));
      expect(calls).toContain("cmdstat_evalsha:calls=1");
      expect(calls).not.toContain("cmdstat_eval:");
    });

    test("does not take an empty value for none", async () => {
      const store = createRedisStore(one.client, { prefix });
      const user = randomUUID();
      expect(await store.compareAndSet(user, undefined, "")).toBe(true);
      expect(await store.get(user)).toBe("");
      expect(await store.compareAndSet(user, undefined, "v")).toBe(false);
      expect(await store.compareAndSet(user, "", "v")).toBe(true);
    });

    test("does not take another kind of key for no value", async () => {
      const store = createRedisStore(one.client, { prefix });
      const user = randomUUID();
      await one.command("RPUSH", prefix + user, "v");
      await expect(store.get(user)).rejects.toThrow("WRONGTYPE");
      await expect(store.compareAndSet(user, undefined, "v")).rejects.toThrow("WRONGTYPE");
    });
  });
});

describeLocalEngine(redis, "the store in Redis, where the server starts again", (engine) => {
  let connection: RedisConnection | undefined;

  afterEach(() => connection?.close());

  test.each(packages)("goes on, by %s", async (_, connect) => {
    connection = await connect(engine().url);
    const store = createRedisStore(connection.client);
    const user = randomUUID();
    await store.compareAndSet(user, undefined, "v");
    await engine().kill();
    await engine().restart();
    await until(() => store.get(user) as Promise<unknown>);
    expect(await store.compareAndSet(user, "v", "w")).toBe(true);
  });
});

describe("options of the store in Redis", () => {
  const callbacks = { get() {}, eval() {}, evalsha() {}, internal_send_command() {} };

  test.each([undefined, "redis://:password@localhost", {}, { get() {} }, callbacks])(
    "refuses the client %p",
    (client) => {
      refusesClient(() => createRedisStore(client as never), /^client: expected a client of/);
    },
  );

  test("refuses options that do not exist, and a prefix that is no text", () => {
    const client = { get() {}, eval() {}, evalsha() {} } as never;
    for (const options of [{ prefx: "a" }, { prefix: 1 }, "totp:"]) {
      const error = thrownBy(() => createRedisStore(client, options as never));
      expect(error).toBeInstanceOf(TotpConfigError);
    }
  });
});
