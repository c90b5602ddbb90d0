import { createHash } from "node:crypto";
import { invalid, optionsObject, rejectUnknownOptions } from "../base/checks.js";
import { hasMethods, rejectClient, rejectLookAlike } from "./client.js";
import { storedText, wroteOneRow } from "./results.js";
import type { TotpStore } from "./store.js";

const STORE = "createRedisStore";

/** What is needed of `Redis` and `Cluster` of `ioredis`. */
export interface IoredisClient {
  eval(script: string, keys: number, ...keysAndArguments: string[]): PromiseLike<unknown>;
  evalsha(sha1: string, keys: number, ...keysAndArguments: string[]): PromiseLike<unknown>;
}

/** What is needed of the clients, pools, sentinels and clusters of `redis` (node-redis) from version 4 on. */
export interface NodeRedisClient {
  eval(script: string, call: ScriptCall): PromiseLike<unknown>;
  evalSha(sha1: string, call: ScriptCall): PromiseLike<unknown>;
}

interface ScriptCall {
  keys: string[];
  arguments: string[];
}

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

interface Script {
  text: string;
  sha1: string;
}

function scriptOf(text: string): Script {
  return { text, sha1: createHash("sha1").update(text).digest("hex") };
}

/** All kinds of clients, spoken to in one way. */
interface Commands {
  evaluate: RunScript;
  evaluateSha: RunScript;
}

type RunScript = (script: string, key: string, values: string[]) => PromiseLike<unknown>;

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
      return storedText(STORE, await run(commands, READ, prefix + userId, []));
    },
    async compareAndSet(userId, expected, next, { expiresAt } = {}) {
      const expiry = expiresAt ? String(expiresAt.getTime()) : "";
      const values = [...flagged(expected), ...flagged(next), expiry];
      return hasWon(await run(commands, COMPARE_AND_SET, prefix + userId, values));
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

/** A server forgets its scripts at a restart, a failover and SCRIPT FLUSH. EVAL makes it learn it again. */
async function run(
  { evaluate, evaluateSha }: Commands,
  { text, sha1 }: Script,
  key: string,
  values: string[],
): Promise<unknown> {
  try {
    return await evaluateSha(sha1, key, values);
  } catch (error) {
    if (!String((error as Error | null)?.message).startsWith("NOSCRIPT")) throw error;
    return evaluate(text, key, values);
  }
}

function commandsOf(client: IoredisClient | NodeRedisClient): Commands {
  if (isCluster4(client)) {
    // Its own `eval` picks a node without a look at the key, and gives up after a few that say MOVED.
    const send = (command: string[], key: string) => client.sendCommand(key, false, command);
    return {
      evaluate: (script, key, values) => send(["EVAL", script, "1", key, ...values], key),
      evaluateSha: (sha1, key, values) => send(["EVALSHA", sha1, "1", key, ...values], key),
    };
  }
  if (isNodeRedis(client)) {
    const call = (key: string, values: string[]) => ({ keys: [key], arguments: values });
    return {
      evaluate: (script, key, values) => client.eval(script, call(key, values)),
      evaluateSha: (sha1, key, values) => client.evalSha(sha1, call(key, values)),
    };
  }
  // Clients of `redis` before version 4 have the same methods, with callbacks, and this one more.
  const hasCallbacks = hasMethods(client, "internal_send_command");
  if (!hasMethods(client, "eval", "evalsha") || hasCallbacks) {
    const fix = "Pass new Redis() of ioredis, or createClient() of redis from version 4 on.";
    rejectClient("client", "a client of ioredis or redis", client, fix);
  }
  if ((client as { options?: { role?: unknown } }).options?.role === "slave") {
    const fix = "A replica lags behind, and cannot be written to: leave out the option role.";
    rejectLookAlike("client", "a client of the master", "one with the role slave", fix);
  }
  return {
    evaluate: (script, key, values) => client.eval(script, 1, key, ...values),
    evaluateSha: (sha1, key, values) => client.evalsha(sha1, 1, key, ...values),
  };
}

function isNodeRedis(client: IoredisClient | NodeRedisClient): client is NodeRedisClient {
  return hasMethods(client, "eval", "evalSha");
}

/** A cluster of version 4 of `redis`. Later ones take the keys of scripts into account. */
interface Cluster4 {
  sendCommand(key: string, isReadOnly: boolean, command: string[]): PromiseLike<unknown>;
}

function isCluster4(client: unknown): client is Cluster4 {
  return hasMethods(client, "sendCommand", "getSlotMaster", "scriptsExecutor");
}
