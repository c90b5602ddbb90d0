import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { createFuzzApp, type Loaded, type TargetName } from "./apps.js";
import type { Server } from "./run.js";
import { prepareUser } from "./users.js";

/** Runs a target in this process. */
export async function serveHere(
  loaded: Loaded,
  target: TargetName,
): Promise<Server & { close(): Promise<void> }> {
  const problems: string[] = [];
  const made = createFuzzApp(loaded, target, (problem) => problems.push(inspect(problem)));
  const server = createServer(made.app).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port: async () => port,
    prepare: (user, state) => prepareUser(made, loaded.lib, user, state),
    takeProblems: () => problems.splice(0),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
