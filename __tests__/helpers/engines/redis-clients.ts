import type { IoredisClient, NodeRedisClient } from "express-totp-setup/redis";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { createClient as createClient4 } from "redis4";

/** A client of one of the packages, and what tests need besides. */
export interface RedisConnection {
  client: IoredisClient | NodeRedisClient;
  command(...words: string[]): Promise<unknown>;
  close(): unknown;
}

/** The packages for Redis, oldest and newest where they differ in kind. */
export const REDIS_PACKAGES: Record<string, (url: string) => Promise<RedisConnection>> = {
  ioredis: async (url) => {
    const client = new Redis(url);
    const command = (name: string, ...rest: string[]) => client.call(name, ...rest);
    return { client, command, close: () => client.disconnect() };
  },
  "redis (node-redis)": async (url) => {
    const client = await createClient({ url }).on("error", ignore).connect();
    const command = (...words: string[]) => client.sendCommand(words);
    return { client, command, close: () => client.destroy() };
  },
  "redis 4": async (url) => {
    const client = await createClient4({ url }).on("error", ignore).connect();
    const command = (...words: string[]) => client.sendCommand(words);
    return { client, command, close: () => client.disconnect() };
  },
};

/** The commands that failed tell of it too. */
function ignore(): void {}
