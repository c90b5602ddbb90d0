import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { createFuzzApp, type Loaded, type TargetName } from "./apps.js";
import { type Problem, type Server, takeFrom } from "./run.js";
import { prepareUser } from "./users.js";

/** Runs a target in this process. */
export async function serveHere(
  loaded: Loaded,
  target: TargetName,
): Promise<Server & { close(): Promise<void> }> {
  const problems: Problem[] = [];
  const made = createFuzzApp(loaded, target, (problem, user) =>
    problems.push({ user, text: inspect(problem) }),
  );
  const server = createServer(made.app).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port: async () => port,
    prepare: (user, state) => prepareUser(made, loaded.lib, user, state),
    takeProblems: (user) => takeFrom(problems, user),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
