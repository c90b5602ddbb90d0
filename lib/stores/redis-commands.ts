import { createHash } from "node:crypto";
import { hasMethods, rejectClient, rejectLookAlike } from "./client.js";

/**
 * A client of `ioredis` for {@link createRedisStore}: `Redis` or `Cluster`.
 *
 * @example
 * ```ts
 * import { Redis } from "ioredis";
 *
 * const client: IoredisClient = new Redis(String(process.env.REDIS_URL));
 * const store = createRedisStore(client);
 * ```
 */
export interface IoredisClient {
  /** Runs a script. */
  eval(script: string, keys: number, ...keysAndArguments: string[]): PromiseLike<unknown>;
  /** Runs a script that the server already knows. */
  evalsha(sha1: string, keys: number, ...keysAndArguments: string[]): PromiseLike<unknown>;
}

/**
 * A client of `redis` (node-redis) 4 or later for {@link createRedisStore}: a client, pool, sentinel, or cluster.
 *
 * @example
 * ```ts
 * import { createClient } from "redis";
 *
 * const client: NodeRedisClient = await createClient({ url: String(process.env.REDIS_URL) }).connect();
 * const store = createRedisStore(client);
 * ```
 */
export interface NodeRedisClient {
  /** Runs a script. */
  eval(script: string, call: ScriptCall): PromiseLike<unknown>;
  /** Runs a script that the server already knows. */
  evalSha(sha1: string, call: ScriptCall): PromiseLike<unknown>;
}

interface ScriptCall {
  keys: string[];
  arguments: string[];
}

/** A script, and the hash that a server caches it under. */
export interface Script {
  text: string;
  sha1: string;
}

export function scriptOf(text: string): Script {
  return { text, sha1: createHash("sha1").update(text).digest("hex") };
}

/** One interface for all kinds of clients. */
export interface Commands {
  evaluate: RunScript;
  evaluateSha: RunScript;
}

type RunScript = (script: string, key: string, values: string[]) => PromiseLike<unknown>;

/** A server loses its scripts on a restart, a failover, and SCRIPT FLUSH. EVAL loads the script again. */
export async function runScript(
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

export function commandsOf(client: IoredisClient | NodeRedisClient): Commands {
  if (isCluster4(client)) {
    // Its `eval` picks a node without looking at the key, and gives up after a few MOVED replies.
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
  // Clients of `redis` before version 4 have the same methods, with callbacks, and also this one.
  const hasCallbacks = hasMethods(client, "internal_send_command");
  if (!hasMethods(client, "eval", "evalsha") || hasCallbacks) {
    const fix = "Pass new Redis() of ioredis, or createClient() of redis 4 or later.";
    rejectClient("client", "a client of ioredis or redis", client, fix);
  }
  if ((client as { options?: { role?: unknown } }).options?.role === "slave") {
    const fix = "A replica lags behind and cannot be written to. Omit the option role.";
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

/** A cluster of `redis` 4. Later versions route scripts by their keys. */
interface Cluster4 {
  sendCommand(key: string, isReadOnly: boolean, command: string[]): PromiseLike<unknown>;
}

function isCluster4(client: unknown): client is Cluster4 {
  return hasMethods(client, "sendCommand", "getSlotMaster", "scriptsExecutor");
}
