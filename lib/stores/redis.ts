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

/** Options of {@link createRedisStore}. */
export interface RedisStoreOptions {
  /**
   * What the key of each user begins with.
   *
   * @default "totp:"
   */
  prefix?: string | undefined;
}

/**
 * Empty texts stand for no value and for no expiry, with a flag beside each value, as an empty value is one
 * too. Not `SET … PXAT`, which is unknown before Redis 6.2.
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
 * Not the command GET: clients may send that to a replica (`scaleReads`, `useReplicas`, `replicaPoolSize`) or
 * take it from a cache (`clientSideCache`). Both lag behind, and a user who has just switched TOTP on would
 * read as one without. A script goes to the master always.
 */
const READ = scriptOf("return redis.call('GET', KEYS[1])");

/**
 * Makes a store in Redis or Valkey, over the app's own client of `ioredis` or `redis`. One key a user, and
 * one key a call: it works on a Redis Cluster. Keys expire by Redis itself.
 *
 * The server has to keep what it is given: `appendonly yes`, and a `maxmemory-policy` of `noeviction` or
 * `volatile-*`. A key of an enabled enrollment that is evicted means that TOTP is off for its user.
 *
 * @throws {@link TotpConfigError} where the client or an option cannot be used. The store's methods reject
 *   with the errors of the client.
 * @example
 * ```ts
 * const client = new Redis(process.env.REDIS_URL); // of ioredis
 * const totp = createTotpService({ store: createRedisStore(client), issuer: "Acme" });
 * ```
 * @example With `redis`
 * ```ts
 * const client = await createClient({ url: process.env.REDIS_URL }).connect();
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

/** ioredis returns the number as a text if the option `stringNumbers` is on, `redis` as its type mapping says. */
function hasWon(reply: unknown): boolean {
  return wroteOneRow(STORE, reply === "1" || reply === "0" ? Number(reply) : reply);
}

function flagged(value: string | undefined): [string, string] {
  return value === undefined ? ["0", ""] : ["1", value];
}
