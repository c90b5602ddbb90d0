export { anyPostgres } from "./any-postgres.js";
export { describeEngine, describeLocalEngine, type EngineKind } from "./kind.js";
export type { Engine, LocalEngine } from "./local-engine.js";
export { mariadb } from "./mariadb.js";
export { pglite } from "./pglite.js";
export { postgres } from "./postgres.js";
export { redis } from "./redis.js";
export { type RedisCluster, redisCluster, startReplica } from "./redis-cluster.js";
