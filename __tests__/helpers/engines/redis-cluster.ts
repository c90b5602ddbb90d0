import { Redis } from "ioredis";
import { freePort } from "./free-port.js";
import type { EngineKind } from "./kind.js";
import { type LocalEngine, startLocally } from "./local-engine.js";
import { findProgram } from "./programs.js";
import { redisRecipe } from "./redis.js";
import { until } from "./until.js";

/** Three masters with a third of the slots each. What is done to it is done to all of them. */
export interface RedisCluster extends LocalEngine {
  readonly nodes: readonly LocalEngine[];
}

interface Node extends LocalEngine {
  /** Where the nodes talk to each other. */
  busPort: number;
}

const MASTERS = 3;
const SLOTS = 16_384;

export const redisCluster: EngineKind<RedisCluster> = {
  name: "Redis Cluster",
  debianPackage: "redis-server",
  find() {
    const command = findProgram("redis-server");
    return command ? () => startCluster(command) : undefined;
  },
};

async function startCluster(command: string): Promise<RedisCluster> {
  const starts = await Promise.allSettled(
    Array.from({ length: MASTERS }, () => startNode(command)),
  );
  const nodes = starts.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const cluster = clusterOf(nodes);
  try {
    for (const each of starts) if (each.status === "rejected") throw each.reason;
    await join(nodes);
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function startNode(command: string): Promise<Node> {
  const busPort = await freePort();
  const options = ["--cluster-enabled", "yes", "--cluster-port", String(busPort)];
  return { ...(await startLocally(redisRecipe(command, options))), busPort };
}

/** Adds a replica of the first master. */
export async function startReplica({ nodes }: RedisCluster): Promise<LocalEngine> {
  const [master] = nodes;
  const command = findProgram("redis-server");
  if (!master || !command) throw new Error("there is no cluster");
  const replica = await startNode(command);
  try {
    // By default a master waits for further replicas first.
    await send(master, "CONFIG", "SET", "repl-diskless-sync-delay", "0");
    const masterId = await ask(master, "MYID");
    await ask(master, "MEET", "127.0.0.1", new URL(replica.url).port, replica.busPort);
    // Not before it knows the master.
    await until(() => ask(replica, "REPLICATE", String(masterId)));
    const port = Number(new URL(replica.url).port);
    const isKnown = async (node: LocalEngine) => {
      // Something to replicate: nodes tell clients of no replica that has replicated nothing.
      await send(master, "FLUSHALL");
      const slots = (await ask(node, "SLOTS")) as unknown[][];
      const ports = slots.flatMap((range) => range.slice(2)).map((host) => (host as unknown[])[1]);
      if (!ports.includes(port)) throw new Error("the replica is not known");
    };
    for (const node of nodes) await until(() => isKnown(node));
    // A node that has just joined refuses commands for a while.
    await agrees(replica, nodes.length + 1);
    return replica;
  } catch (error) {
    await replica.stop();
    throw error;
  }
}

function clusterOf(nodes: readonly Node[]): RedisCluster {
  const onAll = async (act: (node: Node) => Promise<void>) => {
    await Promise.all(nodes.map(act));
  };
  return {
    url: String(nodes[0]?.url),
    nodes,
    stop: () => onAll((node) => node.stop()),
    kill: () => onAll((node) => node.kill()),
    async restart() {
      await onAll((node) => node.restart());
      await onAll((node) => agrees(node));
    },
    pause() {
      for (const node of nodes) node.pause();
    },
    resume() {
      for (const node of nodes) node.resume();
    },
  };
}

async function join(nodes: readonly Node[]): Promise<void> {
  const share = Math.ceil(SLOTS / nodes.length);
  for (const [index, node] of nodes.entries()) {
    const last = Math.min(SLOTS, (index + 1) * share) - 1;
    await ask(node, "ADDSLOTSRANGE", index * share, last);
    // Two nodes of one epoch would have to settle first which of them has which.
    await ask(node, "SET-CONFIG-EPOCH", index + 1);
  }
  const [first, ...others] = nodes;
  for (const { url, busPort } of others) {
    if (first) await ask(first, "MEET", "127.0.0.1", new URL(url).port, busPort);
  }
  await Promise.all(nodes.map((node) => agrees(node)));
}

async function agrees(node: Node, count = MASTERS): Promise<void> {
  const signs = ["cluster_state:ok", `cluster_size:${MASTERS}`, `cluster_known_nodes:${count}`];
  await until(async () => {
    const info = String(await ask(node, "INFO"));
    if (!signs.every((sign) => info.includes(sign))) throw new Error(info);
  });
}

function ask(node: LocalEngine, ...command: (string | number)[]): Promise<unknown> {
  return send(node, "CLUSTER", ...command);
}

async function send({ url }: LocalEngine, name: string, ...rest: (string | number)[]) {
  const client = new Redis(url);
  try {
    return await client.call(name, ...rest);
  } finally {
    client.disconnect();
  }
}
