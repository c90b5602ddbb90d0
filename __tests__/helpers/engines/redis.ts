import { connect } from "node:net";
import type { EngineKind } from "./kind.js";
import { type Recipe, startLocally } from "./local-engine.js";
import { findProgram } from "./programs.js";

export const redis: EngineKind = {
  name: "Redis",
  variable: "REDIS_URL",
  debianPackage: "redis-server",
  find() {
    const command = findProgram("redis-server");
    return command ? () => startLocally(redisRecipe(command)) : undefined;
  },
};

/** With the durability that its documentation advises for data that must not be lost. */
export function redisRecipe(command: string, options: readonly string[] = []): Recipe {
  return {
    command,
    args: (folder, port) => [
      ...["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""],
      ...["--appendonly", "yes", "--appendfsync", "always", ...options],
    ],
    url: (port) => `redis://127.0.0.1:${port}`,
    ping,
    stopSignal: "SIGKILL",
  };
}

/** Without a client, which would try to connect again by itself. While it reads its data Redis says so. */
function ping(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write("PING\r\n"));
    socket.once("error", reject);
    socket.once("data", (answer) => {
      socket.destroy();
      if (`${answer}`.startsWith("+PONG")) resolve();
      else reject(new Error(`${answer}`));
    });
  });
}
