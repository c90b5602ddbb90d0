import { createTotpService } from "express-totp-setup";
import { createRedisStore } from "express-totp-setup/redis";
import { Redis } from "ioredis";

const client = new Redis(process.env.REDIS_URL ?? "redis://localhost:6379");
export const totp = createTotpService({ store: createRedisStore(client), issuer: "Acme" });
