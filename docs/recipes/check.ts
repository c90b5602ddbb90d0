// Type-checks the recipes and runs each one on the databases that it is for.
import { spawn } from "node:child_process";
import { once } from "node:events";

// What Prisma would download here serves migrations only. It takes a program that it is told of instead.
await run("prisma", ["generate"], { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath });
await run("tsc", ["-p", "."]);

// Not before Prisma has made what this imports.
const { startDatabases } = await import("./checks/databases.js");
const { urls, missing, stop } = await startDatabases();
try {
  const files = ["checks/recipes.test.ts", "checks/shipped.test.ts"];
  if (urls.DATABASE_URL) files.push("knex.test.ts");
  // The shipped examples keep their connections open, as a server does.
  const options = ["--import", "tsx", "--test", "--test-reporter=spec", "--test-force-exit"];
  await run(process.execPath, [...options, ...files], urls);
} finally {
  for (const each of missing) console.log(`WARNING: ${each}`);
  await stop();
}

async function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const child = spawn(command, args, { stdio: "inherit", env: { ...process.env, ...env } });
  const [status] = await once(child, "close");
  if (status !== 0) {
    console.error(`${command} ended with ${status}`);
    process.exitCode = 1;
  }
}
