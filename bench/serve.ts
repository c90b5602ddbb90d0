// Runs one server in a process of its own: `serve.ts <module> <name>`. Sends the port to its parent.
import type { AddressInfo } from "node:net";
import type { Express } from "express";

const [module, name] = process.argv.slice(2);
const servers = (await import(`./${module}.ts`)) as Record<string, () => Express>;
const create = servers[String(name)];
if (!create) throw new Error(`bench/${module}.ts has no server named ${name}`);
const server = create().listen(0, "127.0.0.1", () => {
  process.send?.((server.address() as AddressInfo).port);
});
process.on("disconnect", () => process.exit());
