import { writeFileSync } from "node:fs";
import { createConnection } from "mysql2/promise";
import type { Durability, EngineKind } from "./kind.js";
import { type Recipe, startLocally } from "./local-engine.js";
import { findProgram } from "./programs.js";

export const mariadb: EngineKind = {
  name: "MariaDB",
  variable: "MYSQL_URL",
  debianPackage: "mariadb-server",
  shared: true,
  find(durability = "default") {
    const [command, installDb] = [findProgram("mariadbd"), findProgram("mariadb-install-db")];
    return command && installDb
      ? () => startLocally(recipe(command, installDb, durability))
      : undefined;
  },
};

const SETUP = `CREATE DATABASE IF NOT EXISTS test;
CREATE USER IF NOT EXISTS test@'127.0.0.1';
GRANT ALL ON *.* TO test@'127.0.0.1';
`;

const NOT_DURABLE = ["--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0"];

function recipe(command: string, installDb: string, durability: Durability): Recipe {
  return {
    command,
    prepare(folder, run) {
      writeFileSync(`${folder}/setup.sql`, SETUP);
      return run(installDb, [
        "--no-defaults",
        `--datadir=${folder}/data`,
        "--skip-test-db",
        "--force",
      ]);
    },
    args: (folder, port) => [
      ...["--no-defaults", `--datadir=${folder}/data`, `--init-file=${folder}/setup.sql`],
      ...["--bind-address=127.0.0.1", `--port=${port}`, `--socket=${folder}/socket`],
      ...["--skip-name-resolve", "--max-connections=200"],
      ...(durability === "none" ? NOT_DURABLE : []),
    ],
    url: (port) => `mysql://test@127.0.0.1:${port}/test`,
    async ping(uri) {
      await (await createConnection({ uri })).end();
    },
    stopSignal: "SIGKILL",
    user: "mysql",
  };
}
