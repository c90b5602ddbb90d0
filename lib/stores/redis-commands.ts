import { createHash } from "node:crypto";
import { hasMethods, rejectClient, rejectLookAlike } from "./client.js";

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

/** A script, and the name that a server remembers it by. */
export interface Script {
  text: string;
  sha1: string;
}

export function scriptOf(text: string): Script {
  return { text, sha1: createHash("sha1").update(text).digest("hex") };
}

/** All kinds of clients, spoken to in one way. */
export interface Commands {
  evaluate: RunScript;
  evaluateSha: RunScript;
}

type RunScript = (script: string, key: string, values: string[]) => PromiseLike<unknown>;

/** A server forgets its scripts at a restart, a failover and SCRIPT FLUSH. EVAL makes it learn it again. */
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
