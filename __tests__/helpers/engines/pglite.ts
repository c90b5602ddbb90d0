import path from "node:path";
import type { EngineKind } from "./kind.js";
import { startLocally } from "./local-engine.js";
import { pingPostgres } from "./postgres.js";

/** PostgreSQL compiled to WebAssembly, which npm installs. It keeps all data in memory. */
export const pglite: EngineKind = {
  name: "PGlite",
  variable: "DATABASE_URL",
  debianPackage: "postgresql",
  shared: true,
  find: () => () =>
    startLocally({
      command: process.execPath,
      args: (_folder, port) => [path.join(import.meta.dirname, "pglite/server.mjs"), String(port)],
      url: (port) => `postgres://postgres@127.0.0.1:${port}/postgres`,
      ping: pingPostgres,
      stopSignal: "SIGKILL",
    }),
};
