import { invalid, optionsObject, rejectUnknownOptions } from "../base/checks.js";
import {
  commandsOf,
  type IoredisClient,
  type NodeRedisClient,
  runScript,
  scriptOf,
} from "./redis-commands.js";
import { storedText, wroteOneRow } from "./results.js";
import type { TotpStore } from "./store.js";

export type { IoredisClient, NodeRedisClient };

const STORE = "createRedisStore";

/**
 * Options of {@link createRedisStore}.
 *
 * @example
 * ```ts
 * import { Redis } from "ioredis";
 *
 * const options: RedisStoreOptions = { prefix: "acme:totp:" };
 * const store = createRedisStore(new Redis(), options);
 * ```
 */
export interface RedisStoreOptions {
  /**
   * Prefix of the key of each user.
   *
   * @default "totp:"
   */
  prefix?: string | undefined;
}

/**
 * A flag before each value distinguishes no value from an empty one. An empty `expiresAt` means no expiry. Not
 * `SET … PXAT`, which requires Redis 6.2.
 */
const COMPARE_AND_SET = scriptOf(`
local hasExpected, expected, hasNext, next, expiresAt = unpack(ARGV)
local current = redis.call('GET', KEYS[1])
if hasExpected == '1' then
  if current ~= expected then return 0 end
elseif current then
  return 0
end
if hasNext == '1' then
  redis.call('SET', KEYS[1], next)
  if expiresAt ~= '' then redis.call('PEXPIREAT', KEYS[1], expiresAt) end
else
  redis.call('DEL', KEYS[1])
end
return 1
`);

/**
 * Not the command GET: clients can send it to a replica (`scaleReads`, `useReplicas`, `replicaPoolSize`) or read it
 * from a cache (`clientSideCache`). Both lag behind, and TOTP would seem to be off for a user who has just turned it
 * on. A script is always sent to the master.
 */
const READ = scriptOf("return redis.call('GET', KEYS[1])");

/**
 * Creates a store in Redis or Valkey that uses the app's own client of `ioredis` or `redis`. It uses one key per user,
 * and one key per call, so it works on a Redis Cluster. Redis itself expires the keys.
 *
 * The server must not lose data: set `appendonly yes`, and a `maxmemory-policy` of `noeviction` or `volatile-*`. If it
 * evicts the key of a user, TOTP is off for that user.
 *
 * @param client - `Redis` or `Cluster` of `ioredis`, or a client of `redis` 4 or later.
 * @throws `TotpConfigError` if the client or an option is invalid. The store's methods reject with the errors of
 *   the client.
 * @example
 * ```ts
 * import { Redis } from "ioredis";
 *
 * const client = new Redis(String(process.env.REDIS_URL));
 * const totp = createTotpService({ store: createRedisStore(client), issuer: "Acme" });
 * ```
 * @example With the package redis
 * ```ts
 * import { createClient } from "redis";
 *
 * const client = await createClient({ url: String(process.env.REDIS_URL) }).connect();
 * const store = createRedisStore(client, { prefix: "acme:totp:" });
 * ```
 */
export function createRedisStore(
  client: IoredisClient | NodeRedisClient,
  options: RedisStoreOptions = {},
): TotpStore {
  const commands = commandsOf(client);
  rejectUnknownOptions(optionsObject(options, "createRedisStore"), ["prefix"]);
  const { prefix = "totp:" } = options;
  if (typeof prefix !== "string") invalid("prefix", "a string", prefix);

  return {
    async get(userId) {
      return storedText(STORE, await runScript(commands, READ, prefix + userId, []));
    },
    async compareAndSet(userId, expected, next, { expiresAt } = {}) {
      const expiry = expiresAt ? String(expiresAt.getTime()) : "";
      const values = [...flagged(expected), ...flagged(next), expiry];
      return hasWon(await runScript(commands, COMPARE_AND_SET, prefix + userId, values));
    },
  };
}

/** Clients can return the number as a string: `ioredis` with `stringNumbers`, and `redis` with a type mapping. */
function hasWon(reply: unknown): boolean {
  return wroteOneRow(STORE, reply === "1" || reply === "0" ? Number(reply) : reply);
}

function flagged(value: string | undefined): [string, string] {
  return value === undefined ? ["0", ""] : ["1", value];
}
