import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Loaded } from "../fuzz/apps.js";
import { createLeakApp, type ErrorsGoTo, type LeakApp } from "./app.js";
import { createClient } from "./client.js";
import type { NamedFault } from "./faults.js";
import { live } from "./life.js";
import { misuse } from "./misuse.js";
import { captureOutput } from "./output.js";
import { User } from "./user.js";
import { Watch } from "./watch.js";

export interface LeaksFound {
  leaks: string[];
  secrets: number;
  texts: number;
}

export const NOTHING_FAILS: NamedFault = { name: "nothing fails", fault: () => undefined };

/** Lives a life for each fault, and returns the secrets that were found where they are not meant to be. */
export async function findLeaks(
  loaded: Loaded,
  errorsGoTo: ErrorsGoTo,
  faults: readonly NamedFault[],
): Promise<LeaksFound> {
  const made = createLeakApp(loaded, errorsGoTo);
  const server = createServer(made.app).listen(0, "127.0.0.1");
  // A search takes longer than idle connections are kept.
  server.keepAliveTimeout = 0;
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const found: LeaksFound = { leaks: [], secrets: 0, texts: 0 };
  let watch = new Watch();
  const restore = captureOutput(() => watch);
  try {
    for (const { name, fault } of faults) {
      watch = new Watch();
      made.fault.now = fault;
      const user = new User(made, watch, createClient(port, watch));
      await live(user);
      made.fault.now = NOTHING_FAILS.fault;
      lookAtAll(made, watch);
      await misuse(loaded, made, watch);
      found.leaks.push(...watch.leaks().map((leak) => `${name}: ${leak}`));
      found.secrets += watch.secrets.length;
      found.texts += watch.seen.length;
    }
  } finally {
    restore();
    server.close();
    server.closeAllConnections();
  }
  return found;
}

/** Everything that an app can print, and what its hooks were called with. */
function lookAtAll({ objects, events, errors, handled }: LeakApp, watch: Watch): void {
  for (const [name, object] of Object.entries(objects)) watch.look(name, object);
  for (const event of events) watch.look(`event ${event.type}`, event);
  for (const error of errors) watch.look("onError", error);
  for (const error of handled) watch.look("errorHandler", error);
  for (const list of [events, errors, handled]) list.length = 0;
}
