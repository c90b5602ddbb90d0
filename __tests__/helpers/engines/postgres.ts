import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { Client } from "pg";
import type { Durability, EngineKind } from "./kind.js";
import { type Recipe, startLocally } from "./local-engine.js";
import { findProgram } from "./programs.js";

/** Debian keeps the programs of each version in a folder of their own, off the PATH. */
const DEBIAN = "/usr/lib/postgresql";

export const postgres: EngineKind = {
  name: "PostgreSQL",
  variable: "DATABASE_URL",
  debianPackage: "postgresql",
  shared: true,
  find(durability = "default") {
    const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort().reverse() : [];
    const folders = versions.map((version) => path.join(DEBIAN, version, "bin"));
    const [command, initdb] = [findProgram("postgres", folders), findProgram("initdb", folders)];
    return command && initdb ? () => startLocally(recipe(command, initdb, durability)) : undefined;
  },
};

const NOT_DURABLE = ["fsync", "synchronous_commit", "full_page_writes"].flatMap((setting) => [
  "-c",
  `${setting}=off`,
]);

function recipe(command: string, initdb: string, durability: Durability): Recipe {
  return {
    command,
    prepare: (folder, run) =>
      run(initdb, ["-D", `${folder}/data`, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N"]),
    args: (folder, port) => [
      ...["-D", `${folder}/data`, "-p", String(port), "-h", "127.0.0.1"],
      ...["-c", "unix_socket_directories=", "-c", "max_connections=200"],
      ...(durability === "none" ? NOT_DURABLE : []),
    ],
    url: (port) => `postgres://postgres@127.0.0.1:${port}/postgres`,
    ping: pingPostgres,
    // An immediate shutdown; after SIGKILL its shared memory would stay.
    stopSignal: "SIGQUIT",
    user: "postgres",
  };
}

/** Connects and disconnects. */
export async function pingPostgres(connectionString: string): Promise<void> {
  const client = new Client({ connectionString });
  try {
    await client.connect();
  } finally {
    await client.end();
  }
}
