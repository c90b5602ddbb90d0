const { Redis } = require("ioredis");

const redis = new Redis(process.env.REDIS_URL ?? "redis://localhost:6379");
// It connects again by itself.
redis.on("error", (error) => console.error(`Redis: ${error.message}`));

module.exports = { redis };
