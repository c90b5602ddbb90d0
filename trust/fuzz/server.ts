// Serves one target in a process of its own: what crashes it ends it, and nothing else lies in its heap.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";
import { inspect } from "node:util";
import express from "express";
import { createFuzzApp, type TargetName } from "../../__tests__/helpers/fuzz/apps.js";
import type { Problem } from "../../__tests__/helpers/fuzz/run.js";
import { prepareUser, type UserState } from "../../__tests__/helpers/fuzz/users.js";
import * as lib from "../../lib/index.js";
import * as pages from "../../lib/pages/index.js";

/** What the parent asks for. */
export type Ask =
  | { id: number; what: "prepare"; user: string; state: UserState }
  /** Forgets the users, and measures what is left. */
  | { id: number; what: "measure"; users: readonly string[] };

export type Told =
  | { port: number; express: string }
  | { problem: Problem }
  | { id: number; value: unknown };

export interface Measured {
  heapBytes: number;
  /** Sockets, timers and whatever else keeps a process alive. */
  resources: number;
}

const target = JSON.parse(process.argv[2] ?? "") as TargetName;
const tell = (told: Told) => process.send?.(told);
const made = createFuzzApp({ express, lib, pages }, target, (problem, user) =>
  tell({ problem: { user, text: inspect(problem) } }),
);
// `--disable-warning` keeps a warning from being printed, not from being one.
process.on("warning", (warning) => {
  if (!("code" in warning && warning.code === "DEP0170"))
    tell({ problem: { text: inspect(warning) } });
});
process.on("message", async (ask: Ask) => {
  const value =
    ask.what === "prepare" ? prepareUser(made, lib, ask.user, ask.state) : measure(ask.users);
  tell({ id: ask.id, value: await value });
});
process.on("disconnect", () => process.exit());

const server = createServer(made.app).listen(0, "127.0.0.1");
await once(server, "listening");
// `app.del` is Express 4's alone.
tell({
  port: (server.address() as AddressInfo).port,
  express: "del" in express.application ? "4" : "5",
});

async function measure(users: readonly string[]): Promise<Measured> {
  for (const user of users) await made.totp.reset(user);
  made.sessions.clear();
  server.closeAllConnections();
  for (let i = 0; i < 10; i++) {
    await setImmediate();
    globalThis.gc?.();
  }
  return {
    heapBytes: process.memoryUsage().heapUsed,
    resources: process.getActiveResourcesInfo().length,
  };
}
